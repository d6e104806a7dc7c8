"""What status says of containers, from the first pull to the last exit, without a write."""

from __future__ import annotations

from typing import Any

import pytest

from in_process.scene import Scene, a_group, container, open_scene


def ready(scene: Scene) -> tuple[str, str]:
    return scene.conditions("ContainerGroup", "it")["Ready"]


async def test_a_pull_that_fails_is_told_at_once_and_heals_after_azure_has_given_up() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(pull_fails_for=2400)
        scene.apply(a_group())
        said = []
        for seconds in (120, 1800, 600):
            await scene.run_for(seconds)
            said.append((scene.status("ContainerGroup", "it")["provisioningState"], ready(scene)))
        failed = ("False", "ImagePullFailed")
        assert said == [
            ("Creating", failed),
            ("Failed", failed),
            ("Succeeded", ("True", "Running")),
        ]
        assert scene.writes() == [("PUT", scene.path("it"))]
        told = [e[:2] for e in scene.events if e[1] == "ImagePullFailed"]
        assert told == [("Warning", "ImagePullFailed")]


ENDS: list[tuple[dict[str, Any], str, tuple[str, str], int]] = [
    ({"exit_code": 0, "after": 30}, "Never", ("True", "Succeeded"), 0),
    ({"exit_code": 3, "after": 30}, "Never", ("False", "Failed"), 3),
    ({"exit_code": 0, "after": 30}, "OnFailure", ("True", "Succeeded"), 0),
    ({"exit_code": 137, "after": 30}, "OnFailure", ("False", "CrashLooping"), 137),
]


@pytest.mark.parametrize(("behaviour", "policy", "said", "code"), ENDS)
async def test_an_exit_is_told_by_its_code_and_policy(
    behaviour: dict[str, Any], policy: str, said: tuple[str, str], code: int
) -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(**behaviour)
        scene.apply(a_group(restartPolicy=policy))
        await scene.run_for(900)
        assert ready(scene) == said
        if said[0] == "False":
            assert f"exit code {code}" in scene.message("ContainerGroup", "it")
        assert scene.writes() == [("PUT", scene.path("it"))]


async def test_what_starts_for_no_known_reason_is_told_by_azure_s_state() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave("bad:1", start_fails="exec format error")
        scene.apply(a_group(containers=[container(), container("two", image="bad:1")]))
        await scene.run_for(2400)
        assert ready(scene) == ("False", "ProvisioningFailed")
        listed = scene.status("ContainerGroup", "it")["containers"]
        assert [each.get("state") for each in listed] == ["Running", "Waiting"]


async def test_a_job_that_failed_is_stalled_and_runs_again_when_asked_to() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(exit_code=3, after=30)
        scene.apply(a_group(restartPolicy="Never"))
        await scene.run_for(300)
        told = scene.conditions("ContainerGroup", "it")
        assert [told[each] for each in ("Stalled", "Completed", "ContainersHealthy")] == [
            ("True", "Failed"),
            ("False", "Failed"),
            ("False", "Failed"),
        ]
        scene.groups.behave(exit_code=0, after=30)
        now = scene.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        scene.annotate("ContainerGroup", "it", restart_requested_at=now)
        await scene.run_for(300)
        told = scene.conditions("ContainerGroup", "it")
        assert (ready(scene), told["Completed"]) == (("True", "Succeeded"), ("True", "Succeeded"))


async def test_a_container_that_waits_or_runs_again_shows_the_code_of_its_last_end() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(exit_code=137, after=30)
        scene.apply(a_group())
        seen = set()
        for _ in range(10):
            await scene.run_for(60)
            (listed,) = scene.status("ContainerGroup", "it")["containers"]
            seen.add((listed["state"], listed.get("exitCode")))
        assert {("Running", 137), ("Waiting", 137)} <= seen
        assert {("Waiting", None), ("Terminated", None)} & seen == set()


async def test_a_group_whose_edit_is_refused_is_told_about_as_it_runs_on() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.apply(a_group())
        await scene.settle()
        scene.apply(a_group(restartPolicy="Never"))
        await scene.run_for(120)
        before = scene.conditions("ContainerGroup", "it")
        scene.groups.behave(exit_code=137, after=5)
        await scene.stranger.container_groups.restart(scene.arm_id("it"))
        await scene.run_for(300)
        after = scene.conditions("ContainerGroup", "it")
        refused = ("False", "RequiresReplacement")
        assert [(said["Ready"], said["ContainersHealthy"]) for said in (before, after)] == [
            (refused, ("True", "Running")),
            (refused, ("False", "CrashLooping")),
        ]
        assert scene.writes() == [("PUT", scene.path("it"))]
