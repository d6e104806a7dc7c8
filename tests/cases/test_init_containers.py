"""Init containers: they are told about as containers are, and named where they hold a group up."""

from __future__ import annotations

from typing import Any

import pytest

from in_process.scene import Scene, a_group, open_scene

FIRST = {"name": "first", "image": "first:1"}
SECOND = {"name": "second", "image": "second:1"}


def ready(scene: Scene) -> tuple[str, str]:
    return scene.conditions("ContainerGroup", "it")["Ready"]


def listed(scene: Scene, *fields: str) -> list[tuple[Any, ...]]:
    found = scene.status("ContainerGroup", "it").get("initContainers") or ()
    return [tuple(each.get(field) for field in fields) for each in found]


async def test_init_containers_that_did_their_work_are_listed_in_their_order() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave("first:1", exit_code=0, after=30)
        scene.apply(a_group(initContainers=[SECOND | {"name": "a"}, FIRST]))
        await scene.run_for(120)
        assert (ready(scene), listed(scene, "name", "state", "exitCode", "restartCount")) == (
            ("True", "Running"),
            [("a", "Terminated", 0, 0), ("first", "Terminated", 0, 0)],
        )


async def test_the_init_container_that_runs_is_named_while_the_others_wait() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave("first:1", exit_code=0, after=100)
        scene.apply(a_group(initContainers=[FIRST, SECOND]))
        await scene.run_for(60)
        message = "Azure says Creating for the group; init container first runs."
        assert (scene.message("ContainerGroup", "it"), listed(scene, "name", "state")) == (
            message,
            [("first", "Running"), ("second", "Waiting")],
        )


FAILS: list[tuple[str, str, str]] = [
    ("Never", "Terminated", "init container first: exit code 3"),
    ("Always", "Waiting", "init container first: exit code 3, restarted"),
]


@pytest.mark.parametrize(("policy", "state", "words"), FAILS)
async def test_an_init_container_that_fails_is_named_with_its_exit_code(
    policy: str, state: str, words: str
) -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave("first:1", exit_code=3, after=2)
        scene.apply(a_group(restartPolicy=policy, initContainers=[FIRST]))
        await scene.run_for(400)
        said = scene.conditions("ContainerGroup", "it")
        assert (said["Ready"], said["ContainersHealthy"]) == (
            ("False", "InitContainerFailed"),
            ("False", "InitContainerFailed"),
        )
        assert words in scene.message("ContainerGroup", "it")
        assert listed(scene, "name", "state") == [("first", state)]


async def test_restarts_of_an_init_container_are_events() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave("first:1", exit_code=3, after=2)
        scene.apply(a_group(initContainers=[FIRST]))
        await scene.run_for(300)
        told = [note for _, reason, note in scene.events if reason == "ContainerRestarted"]
        assert told[0].startswith("Init container first was restarted (")


async def test_init_containers_that_leave_the_spec_leave_status() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.apply(a_group(initContainers=[FIRST]))
        await scene.settle()
        before = listed(scene, "name")
        scene.apply(a_group())
        await scene.run_for(120)
        assert (before, listed(scene, "name"), ready(scene)) == (
            [("first",)],
            [],
            ("True", "Running"),
        )
