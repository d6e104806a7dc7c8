"""Case 23, changes that Azure takes in place: one PUT or one PATCH, and the group stays itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from group_stage import Stage, a_group, a_stage

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
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        identity, tags = {"type": "SystemAssigned"}, {"a": "1"}
        more = {"identity": identity, "tags": tags, "ipAddress": ADDRESS}
        it.add(a_group(it.settings.subscription_id, containers=[app()], **more))
        await it.settle()
        it.take_writes()
        yield it


def itself(stage: Stage) -> tuple[str, str]:
    """What must not change: principal and name."""
    status = stage.status()
    return status["identity"]["principalId"], status["ipAddress"]["fqdn"]


IN_PLACE = {
    "image": (app(image="web:2"), "image: web:1 → web:2"),
    "variable": (app(value="new"), "environmentVariables[V]: old → new"),
}


@pytest.mark.parametrize(("container", "told"), IN_PLACE.values(), ids=IN_PLACE)
async def test_case_23_an_image_or_a_variable_is_one_put(
    stage: Stage, container: dict[str, Any], told: str
) -> None:
    before = itself(stage)
    stage.edit(containers=[container])
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["PUT it"])
    assert (itself(stage), stage.groups.starts(stage.arm_id())) == (before, 2)
    await stage.events()
    notes = [note for _, reason, note in stage.server.events if reason == "Updated"]
    assert notes == [f"{stage.arm_id()} was changed: spec.containers[app].{told}."]


async def test_case_23_tags_alone_are_one_patch_and_restart_nothing(stage: Stage) -> None:
    stage.edit(tags={"a": "2", "b": "1"})
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["PATCH it"])
    assert stage.groups.starts(stage.arm_id()) == 1


@pytest.mark.parametrize("updates_tags", [True, False])
async def test_case_23_an_image_with_tags_is_one_put_and_a_patch_where_azure_kept_the_old_tags(
    stage: Stage, updates_tags: bool
) -> None:
    stage.azure.settings.put_updates_tags = updates_tags
    stage.edit(containers=[app(image="web:2")], tags={"a": "2"})
    await stage.settle()
    writes = ["PUT it"] if updates_tags else ["PUT it", "PATCH it"]
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), writes)
    assert (stage.azure_group().tags["a"], stage.groups.starts(stage.arm_id())) == ("2", 2)
