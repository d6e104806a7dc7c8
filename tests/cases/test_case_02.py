"""Case 2, both kinds of identity at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from in_process.scene import Scene, a_group, manifest, open_scene

PATH = "spec.identity.userAssigned"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene(poll_interval=600.0) as it:
        yield it


async def settled(scene: Scene, **operator: str) -> str:
    """Apply a group with both, and wait for it; give the user identity's ID."""
    arm_id = await scene.identity("id1")
    both = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"id": arm_id}]}
    scene.apply(a_group(identity=both, operator=operator))
    await scene.settle()
    return arm_id


async def without_the_users(scene: Scene) -> None:
    """Have Azure show the system identity alone."""
    (body,) = scene.bodies()
    left = {**body, "identity": {"type": "SystemAssigned"}}
    await scene.stranger.container_groups.put(scene.arm_id("it"), left)
    scene.mark()
    await scene.run_for(700)


async def test_case_2_the_body_names_both(scene: Scene) -> None:
    arm_id = await settled(scene)
    (body,) = scene.bodies()
    assert body["identity"] == {
        "type": "SystemAssigned, UserAssigned",
        "userAssignedIdentities": {arm_id: {}},
    }


async def test_case_2_status_tells_both_as_azure_does(scene: Scene) -> None:
    arm_id = await settled(scene)
    there = (await scene.stranger.container_groups.get(scene.arm_id("it")))["identity"]
    user = await scene.stranger.identities.get(arm_id)
    ids = {name: user["properties"][name] for name in ("clientId", "principalId")}
    told = {name: there[name] for name in ("type", "principalId", "tenantId")}
    status = scene.status("ContainerGroup", "it")["identity"]
    assert status == {**told, "userAssigned": [{"id": arm_id, **ids}]}


async def test_case_2_a_second_look_is_one_read(scene: Scene) -> None:
    await settled(scene)
    scene.mark()
    scene.annotate("ContainerGroup", "it", reconcile_requested_at="now")
    await scene.settle()
    assert scene.calls() == [("GET", scene.path("it"))]


async def test_case_2_one_that_azure_left_out_is_reported(scene: Scene) -> None:
    await settled(scene)
    await without_the_users(scene)
    assert scene.writes() == []
    assert scene.conditions("ContainerGroup", "it")["Synced"] == ("False", "Drifted")
    drift = scene.status("ContainerGroup", "it")["drift"]
    assert drift == ["spec.identity.type", PATH]


async def test_case_2_one_that_azure_left_out_is_put_back_once_under_correct(scene: Scene) -> None:
    arm_id = await settled(scene, driftPolicy="Correct")
    await without_the_users(scene)
    assert scene.writes() == [("PUT", scene.path("it"))]
    assert scene.bodies()[0]["identity"]["userAssignedIdentities"] == {arm_id: {}}
    assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_case_2_an_identity_of_ours_is_named_by_its_object(scene: Scene) -> None:
    group = {"resourceGroupRef": {"id": scene.group_id()}}
    scene.apply(manifest("UserAssignedIdentity", "id1", **group))
    both = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"name": "id1"}]}
    scene.apply(a_group(identity=both))
    await scene.settle()
    own = scene.status("UserAssignedIdentity", "id1")
    (told,) = scene.status("ContainerGroup", "it")["identity"]["userAssigned"]
    assert (told["principalId"], told["clientId"]) == (own["principalId"], own["clientId"])
