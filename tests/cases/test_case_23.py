"""Case 23, changes that Azure takes in place: one PUT or one PATCH, and the group stays itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from in_process.scene import Scene, a_group, open_scene

REQUESTS = {"requests": {"cpu": 1, "memoryInGB": 1.5}}
PORTS = [{"port": 80}]
ADDRESS = {"type": "Public", "ports": PORTS, "dnsNameLabel": "my-label"}


def app(image: str = "web:1", value: str = "old") -> dict[str, Any]:
    variables = [{"name": "V", "value": value}]
    return {
        "name": "app",
        "image": image,
        "ports": PORTS,
        "resources": REQUESTS,
        "environmentVariables": variables,
    }


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        identity, tags = {"type": "SystemAssigned"}, {"a": "1"}
        it.apply(a_group(containers=[app()], identity=identity, tags=tags, ipAddress=ADDRESS))
        await it.settle()
        it.take_writes()
        yield it


def itself(scene: Scene) -> tuple[str, str]:
    """What must not change: principal and name."""
    status = scene.status()
    return status["identity"]["principalId"], status["ipAddress"]["fqdn"]


IN_PLACE = {
    "image": (app(image="web:2"), "image: web:1 → web:2"),
    "variable": (app(value="new"), "environmentVariables[V]: old → new"),
}


@pytest.mark.parametrize(("container", "told"), IN_PLACE.values(), ids=IN_PLACE)
async def test_case_23_an_image_or_a_variable_is_one_put(
    scene: Scene, container: dict[str, Any], told: str
) -> None:
    before = itself(scene)
    scene.edit(containers=[container])
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["PUT it"])
    assert (itself(scene), scene.groups.starts(scene.arm_id())) == (before, 2)
    assert scene.told("Updated") == [f"{scene.arm_id()} was changed: spec.containers[app].{told}."]


async def test_case_23_tags_alone_are_one_patch_and_restart_nothing(scene: Scene) -> None:
    scene.edit(tags={"a": "2", "b": "1"})
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["PATCH it"])
    assert scene.groups.starts(scene.arm_id()) == 1


@pytest.mark.parametrize("updates_tags", [True, False])
async def test_case_23_an_image_with_tags_is_one_put_and_a_patch_where_azure_kept_the_old_tags(
    scene: Scene, updates_tags: bool
) -> None:
    scene.azure.settings.put_updates_tags = updates_tags
    scene.edit(containers=[app(image="web:2")], tags={"a": "2"})
    await scene.settle()
    writes = ["PUT it"] if updates_tags else ["PUT it", "PATCH it"]
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), writes)
    assert ((scene.living().tags or {})["a"], scene.groups.starts(scene.arm_id())) == ("2", 2)


async def test_case_23_a_change_that_azure_calls_wrong_is_told_in_its_words(scene: Scene) -> None:
    code, words = "InvalidContainerEnvironmentVariable", "The value of V is too long."
    scene.azure.faults.next(method="PUT", status=400, code=code, message=words)
    scene.edit(containers=[app(value="new")])
    await scene.run_for(1)
    assert (scene.said(), scene.said("Stalled")[0]) == (("False", "RejectedByAzure"), "True")
    assert scene.message().startswith(f"{code}: {words}")
