"""Objects that only look: what is there is reported, nothing is written, and nothing goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cases.grants import ACCESS, IDENTITIES, a_vault, an_access, policies, principal_of
from in_process.cluster import JsonObject
from in_process.manifests import a_group, manifest
from in_process.scene import Scene, open_scene

LOOK: dict[str, Any] = {"operator": {"managementPolicy": "ObserveOnly"}}
IDENTITY = "UserAssignedIdentity"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        await it.identity("who")
        it.mark()
        yield it


def an_identity(scene: Scene, name: str = "who") -> JsonObject:
    return manifest(IDENTITY, name, resourceGroupRef={"id": scene.group_id()}, **LOOK)


async def test_an_observed_identity_tells_its_principal_and_is_never_written(scene: Scene) -> None:
    scene.apply(an_identity(scene))
    await scene.settle()
    found = scene.object(IDENTITY, "who") or {}
    held = found["metadata"].get("finalizers", [])
    assert (found["status"]["principalId"], held) == (principal_of(scene), [])
    scene.delete(IDENTITY, "who")
    await scene.settle()
    assert (scene.writes(), len(scene.azure.state()["userAssignedIdentities"])) == ([], 1)


async def test_an_observed_identity_that_is_not_there_is_not_made(scene: Scene) -> None:
    scene.apply(an_identity(scene, "missing"))
    await scene.settle()
    assert scene.conditions(IDENTITY, "missing")["Ready"] == ("False", "NotFound")
    assert scene.writes() == []


async def test_an_observed_group_with_identities_follows_what_others_change(scene: Scene) -> None:
    arm_id = scene.arm_id("who", IDENTITIES)
    both = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"id": arm_id}]}
    scene.apply(a_group("it", identity=both))
    await scene.settle()
    before = scene.azure.state()["containerGroups"]
    scene.mark()
    scene.apply(a_group("it", identity={"type": "SystemAssigned"}, **LOOK))
    await scene.run_for(1900)
    scene.delete("ContainerGroup", "it")
    await scene.settle()
    assert (scene.writes(), scene.azure.state()["containerGroups"]) == ([], before)


async def test_an_observed_grant_waits_for_others_to_give_it(scene: Scene) -> None:
    vault = await a_vault(scene, rbac=False)
    scene.apply(an_access(scene, **LOOK))
    await scene.settle()
    assert scene.conditions(ACCESS, "it")["Ready"] == ("False", "NotFound")
    entry = {
        "tenantId": scene.azure.settings.tenant_id,
        "objectId": principal_of(scene),
        "permissions": {"secrets": ["get"]},
    }
    await scene.stranger.vaults.add_policies(vault, [entry])
    await scene.run_for(1900)
    assert scene.conditions(ACCESS, "it")["Ready"][0] == "True"
    scene.delete(ACCESS, "it")
    await scene.settle()
    assert scene.writes() == []
    assert policies(scene) == {principal_of(scene): {"secrets": ["get"]}}
