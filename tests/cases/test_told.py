"""What is told beside status: events of what others did, and a line of the log for each write."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from in_process.scene import Scene, a_group, manifest, open_scene
from in_process.stage import IDENTITIES


def writes_of(records: list[logging.LogRecord]) -> list[tuple[str, str, str]]:
    """Give what the log says of writes to Azure: what, how it ended, and to what."""
    told: list[dict[str, Any]] = [each.msg for each in records if isinstance(each.msg, dict)]
    lines = [each for each in told if each.get("event") == "azure"]
    return [(each["action"], each["reason"], each["arm_id"]) for each in lines]


async def test_each_write_to_azure_is_one_line_of_the_log_with_how_it_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    fault = {"method": "PUT", "path": "containerGroups/it", "status": 500}
    async with open_scene(faults=[fault]) as scene:
        caplog.clear()
        scene.apply(a_group())
        await scene.settle()
        action = "PUT Microsoft.ContainerInstance/containerGroups"
        assert writes_of(caplog.records) == [
            (action, "InternalServerError", scene.arm_id()),
            (action, "201", scene.arm_id()),
        ]


async def identity(scene: Scene) -> None:
    """Have an identity of ours in Azure."""
    group = {"id": scene.group_id()}
    scene.apply(manifest("UserAssignedIdentity", "my-id", resourceGroupRef=group))
    await scene.settle()


async def test_what_others_deleted_is_told_of_when_it_is_made_again() -> None:
    async with open_scene() as scene:
        await identity(scene)
        arm_id = scene.arm_id("my-id", IDENTITIES)
        made = scene.told("DeletedOutside")
        await scene.stranger.identities.delete(arm_id)
        await scene.run_for(700)
        warnings = [told for told in scene.events if told[0] == "Warning"]
        note = f"{arm_id} was deleted outside."
        assert (made, warnings) == ([], [("Warning", "DeletedOutside", note)])
