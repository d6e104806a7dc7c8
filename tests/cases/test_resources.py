"""Resource groups with foreign resources in them, and every field of an identity."""

from __future__ import annotations

from typing import Any

import pytest

from in_process.manifests import manifest
from in_process.scene import Scene, open_scene


async def a_group(scene: Scene, **spec: Any) -> str:
    """Have a resource group of ours with an identity of others in it, and delete our object."""
    policy = {"operator": {"deletionPolicy": "Delete"}}
    scene.apply(manifest("ResourceGroup", "mine", location="eastus", **policy, **spec))
    await scene.settle()
    theirs = f"{scene.group_id('mine')}/providers/Microsoft.ManagedIdentity"
    identity = f"{theirs}/userAssignedIdentities/theirs"
    await scene.stranger.identities.put(identity, {"location": "eastus"})
    return scene.group_id("mine")


async def test_foreign_resources_keep_a_group_and_are_named_after_ten_minutes() -> None:
    async with open_scene() as scene:
        await a_group(scene)
        scene.mark()
        scene.delete("ResourceGroup", "mine")
        await scene.run_for(700)
        said = scene.conditions("ResourceGroup", "mine")["Stalled"]
        assert (said, scene.writes()) == (("True", "ResourceGroupNotEmpty"), [])
        assert "userAssignedIdentities/theirs" in scene.message("ResourceGroup", "mine")


async def test_a_group_that_may_takes_foreign_resources_with_it() -> None:
    async with open_scene() as scene:
        await a_group(scene, contents="Delete")
        scene.delete("ResourceGroup", "mine")
        await scene.settle()
        assert scene.object("ResourceGroup", "mine") is None


async def test_what_an_object_is_about_keeps_the_group_all_the_same() -> None:
    async with open_scene() as scene:
        await a_group(scene, contents="Delete")
        mine = {"resourceGroupRef": {"name": "mine"}}
        scene.apply(manifest("UserAssignedIdentity", "own", **mine))
        await scene.settle()
        scene.mark()
        scene.delete("ResourceGroup", "mine")
        await scene.run_for(700)
        assert scene.writes() == []
        assert scene.conditions("ResourceGroup", "mine")["Stalled"] == (
            "True",
            "ResourceGroupNotEmpty",
        )


MANAGER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Solutions/applications/a"


async def test_the_manager_of_a_group_is_sent_when_it_is_made_and_never_again() -> None:
    async with open_scene() as scene:
        spec = {"location": "eastus", "managedBy": MANAGER}
        scene.apply(manifest("ResourceGroup", "mine", **spec))
        await scene.settle()
        scene.apply(manifest("ResourceGroup", "mine", **spec, tags={"a": "1"}))
        await scene.settle()
        (put,), (patch,) = scene.bodies("PUT"), scene.bodies("PATCH")
        told = {name: value for name, value in put.items() if name != "tags"}
        assert (told, patch.keys(), scene.unready()) == (spec, {"tags"}, {})


@pytest.mark.parametrize("policy", ["Correct", "Report"])
async def test_an_adopted_group_keeps_what_azure_never_changes_and_that_is_reported(
    policy: str,
) -> None:
    async with open_scene() as scene:
        await scene.resource_group("mine", "westus")
        scene.mark()
        policies = {"operator": {"adoptionPolicy": "Adopt", "driftPolicy": policy}}
        spec = {"location": "eastus", "managedBy": MANAGER, **policies}
        scene.apply(manifest("ResourceGroup", "mine", **spec))
        await scene.run_for(1300)
        status = scene.status("ResourceGroup", "mine")
        told = (status["drift"], status["location"], scene.writes(), scene.unready())
        only = [("PATCH", "/resourcegroups/mine")]
        assert told == (["spec.location", "spec.managedBy"], "westus", only, {})


async def test_an_adopted_identity_in_another_region_is_reported_and_keeps_its_own() -> None:
    async with open_scene() as scene:
        await scene.identity("who")
        scene.mark()
        spec = {"resourceGroupRef": {"id": scene.group_id()}, "location": "westus"}
        policies = {"operator": {"adoptionPolicy": "Adopt"}}
        scene.apply(manifest("UserAssignedIdentity", "who", **spec, **policies))
        await scene.run_for(1300)
        drift = scene.status("UserAssignedIdentity", "who")["drift"]
        methods = [method for method, _ in scene.writes()]
        assert (drift, methods, scene.unready()) == (["spec.location"], ["PATCH"], {})


async def test_what_goes_into_an_adopted_group_goes_where_the_group_is() -> None:
    async with open_scene() as scene:
        await scene.resource_group("mine", "westus")
        policies = {"operator": {"adoptionPolicy": "Adopt"}}
        scene.apply(manifest("ResourceGroup", "mine", location="eastus", **policies))
        mine = {"resourceGroupRef": {"name": "mine"}}
        scene.apply(manifest("UserAssignedIdentity", "own", **mine))
        await scene.settle()
        assert scene.status("UserAssignedIdentity", "own")["location"] == "westus"


@pytest.mark.parametrize(("before", "writes"), [("None", ["PUT", "PUT"]), ("Regional", ["PUT"])])
async def test_an_identity_s_isolation_is_sent_and_changed_in_place(
    before: str, writes: list[str]
) -> None:
    async with open_scene() as scene:
        group = {"resourceGroupRef": {"id": scene.group_id()}}
        scene.apply(manifest("UserAssignedIdentity", "who", isolationScope=before, **group))
        await scene.settle()
        scene.apply(manifest("UserAssignedIdentity", "who", isolationScope="Regional", **group))
        await scene.run_for(1300)
        assert [method for method, _ in scene.writes()] == writes


async def test_what_changes_an_identity_s_isolation_keeps_its_principal_and_others_tags() -> None:
    async with open_scene() as scene:
        group = {"resourceGroupRef": {"id": scene.group_id()}}
        scene.apply(manifest("UserAssignedIdentity", "who", isolationScope="Regional", **group))
        await scene.settle()
        ((arm_id, before),) = scene.azure.state()["userAssignedIdentities"].items()
        theirs = {**before["tags"], "theirs": "x"}
        await scene.stranger.identities.patch(arm_id, {"tags": theirs})
        scene.apply(manifest("UserAssignedIdentity", "who", isolationScope="None", **group))
        await scene.settle()
        ((_, after),) = scene.azure.state()["userAssignedIdentities"].items()
        changed = {**before["properties"], "isolationScope": "None"}
        assert (after["properties"], after["tags"]) == (changed, theirs)


async def test_an_isolation_that_leaves_the_spec_leaves_azure_by_one_write() -> None:
    async with open_scene() as scene:
        group = {"resourceGroupRef": {"id": scene.group_id()}}
        scene.apply(manifest("UserAssignedIdentity", "who", isolationScope="Regional", **group))
        await scene.settle()
        scene.mark()
        scene.apply(manifest("UserAssignedIdentity", "who", **group))
        await scene.run_for(1300)
        (found,) = scene.azure.state()["userAssignedIdentities"].values()
        assert [method for method, _ in scene.writes()] == ["PUT"]
        assert found["properties"]["isolationScope"] == "None"
