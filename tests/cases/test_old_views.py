"""An operator that has not heard of an edit does not take what the edit did for drift."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cases.grants import IDENTITIES
from in_process.manifests import a_group, manifest
from in_process.scene import Scene, open_scene

CORRECT = {"driftPolicy": "Correct"}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


def an_identity(scene: Scene, **spec: Any) -> dict[str, Any]:
    return manifest(
        "UserAssignedIdentity", "who", resourceGroupRef={"id": scene.group_id()}, **spec
    )


async def unheard(scene: Scene, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Settle the one; then apply the other, of which no watch tells."""
    scene.apply(before)
    await scene.settle()
    scene.cluster.seen = lambda body: None
    scene.apply(after)
    scene.mark()


async def test_tags_of_an_edit_that_was_not_heard_of_stay(scene: Scene) -> None:
    await unheard(scene, an_identity(scene, tags={"a": "1"}), an_identity(scene, tags={"a": "2"}))
    arm_id = scene.arm_id("who", IDENTITIES)
    held = (await scene.stranger.identities.get(arm_id))["tags"]
    await scene.stranger.identities.patch(arm_id, {"tags": {**held, "a": "2"}})
    await scene.run_for(2000)
    assert scene.writes() == []


async def test_tags_of_a_group_s_edit_that_was_not_heard_of_stay(scene: Scene) -> None:
    await unheard(scene, a_group(tags={"a": "1"}), a_group(tags={"a": "2"}))
    held = (await scene.stranger.container_groups.get(scene.arm_id("it")))["tags"]
    await scene.stranger.container_groups.patch_tags(scene.arm_id("it"), {**held, "a": "2"})
    await scene.run_for(2000)
    assert scene.writes() == []


async def test_a_stop_that_was_not_heard_of_stays(scene: Scene) -> None:
    stopped = a_group(operator={**CORRECT, "powerState": "Stopped"})
    await unheard(scene, a_group(operator=CORRECT), stopped)
    await scene.stranger.container_groups.stop(scene.arm_id("it"))
    await scene.run_for(2000)
    assert scene.writes() == []
