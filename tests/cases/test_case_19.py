"""Case 19, the same assignment name and another principal: names follow the principal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aci_operator.azure import ids
from cases.grants import (
    ACCESS,
    IDENTITIES,
    SECRETS_USER,
    VAULTS,
    a_vault,
    an_access,
    policies,
    principal_of,
    roles,
)
from in_process.manifests import a_group, manifest
from in_process.scene import Scene, open_scene

GROUP = {"containerGroupRef": {"name": "app"}}
SYSTEM = {"identity": {"type": "SystemAssigned"}}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


def named(scene: Scene, principal_id: str) -> str:
    vault = scene.arm_id("myvault", VAULTS)
    name = ids.role_assignment_name(vault, principal_id, SECRETS_USER)
    return str(ids.role_assignment_id(vault, name)).removeprefix(scene.subscription)


async def test_case_19_an_identity_made_anew_gets_its_grant_and_the_old_one_goes(
    scene: Scene,
) -> None:
    await a_vault(scene, rbac=True)
    scene.apply(manifest("UserAssignedIdentity", "who", resourceGroupRef={"id": scene.group_id()}))
    scene.apply(an_access(scene, principal={"userAssignedIdentityRef": {"name": "who"}}))
    await scene.settle()
    first = principal_of(scene)
    await scene.stranger.identities.delete(scene.arm_id("who", IDENTITIES))
    await scene.run_for(700)
    second = principal_of(scene)
    changes = [call for call in scene.writes() if "roleAssignments" in call[1]]
    assert first != second
    assert changes == [
        ("PUT", named(scene, first)),
        ("PUT", named(scene, second)),
        ("DELETE", named(scene, first)),
    ]
    assert roles(scene) == [(second, SECRETS_USER)]


@pytest.mark.parametrize("rbac", [True, False])
async def test_case_19_a_principal_that_is_gone_has_nothing_left_of_ours(
    scene: Scene, rbac: bool
) -> None:
    await scene.identity("who")
    await a_vault(scene, rbac=rbac)
    foreign = "99999999-0000-4000-8000-000000000000"
    entry = {"tenantId": scene.azure.settings.tenant_id, "objectId": foreign}
    theirs = [{**entry, "permissions": {"secrets": ["get"]}}]
    await scene.stranger.vaults.add_policies(scene.arm_id("myvault", VAULTS), theirs)
    scene.apply(an_access(scene))
    await scene.settle()
    await scene.stranger.identities.delete(scene.arm_id("who", IDENTITIES))
    await scene.run_for(700)
    assert (roles(scene), policies(scene)) == ([], {foreign: {"secrets": ["get"]}})
    status = scene.status(ACCESS, "it")
    left = {"principalId", "assignmentIds", "accessPolicies", "granted"} & set(status)
    assert (scene.conditions(ACCESS, "it")["Ready"][0], left) == ("False", set())


@pytest.mark.parametrize("rbac", [True, False])
async def test_case_19_a_group_without_its_system_identity_loses_the_grant_and_gets_it_again(
    scene: Scene, rbac: bool
) -> None:
    await a_vault(scene, rbac=rbac)
    scene.apply(a_group("app", **SYSTEM), an_access(scene, principal=GROUP))
    await scene.settle()
    scene.apply(a_group("app", identity={"type": "None"}))
    await scene.run_for(60)
    assert (roles(scene), policies(scene)) == ([], {})
    scene.apply(a_group("app", **SYSTEM))
    await scene.run_for(60)
    who = scene.status("ContainerGroup", "app")["identity"]["principalId"]
    assert (who in dict(roles(scene)), who in policies(scene)) == (rbac, not rbac)


async def test_case_19_a_group_that_is_gone_leaves_no_entry_of_nobody(scene: Scene) -> None:
    await a_vault(scene, rbac=False)
    scene.apply(a_group("app", **SYSTEM), an_access(scene, principal=GROUP))
    await scene.settle()
    scene.delete("ContainerGroup", "app")
    await scene.run_for(700)
    assert policies(scene) == {}


async def test_case_19_a_vault_that_is_switched_gets_the_new_grant_and_loses_the_old(
    scene: Scene,
) -> None:
    await scene.identity("who")
    vault = await a_vault(scene, rbac=False)
    scene.apply(an_access(scene))
    await scene.settle()
    scene.mark()
    for rbac in (True, False):
        switched = {"properties": {"enableRbacAuthorization": rbac}}
        await scene.stranger.vaults.patch(vault, switched)
        await scene.run_for(700)
    words = [path.rsplit("/", 2)[1:] for _, path in scene.writes()]
    kinds = [" ".join(w) if w[0] == "accessPolicies" else w[0] for w in words]
    assert kinds == [
        "roleAssignments",
        "accessPolicies remove",
        "accessPolicies add",
        "roleAssignments",
    ]
