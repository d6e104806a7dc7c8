"""A role at a management group: given, changed, refused and taken back; it counts below it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cases.grants import IDENTITIES
from in_process.manifests import manifest
from in_process.scene import Scene, open_scene

KIND = "RoleAssignment"
CORP = "/providers/Microsoft.Management/managementGroups/corp"
RIGHTS = "Role Based Access Control Administrator"
READER = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
VAULT_ROLE = "Key Vault Secrets User"
READ_SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
KNOBS = {"management_groups": ((SUBSCRIPTION, "corp"),)}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene(KNOBS) as it:
        await it.identity("who")
        yield it


def principal(scene: Scene) -> str:
    (found,) = scene.azure.state()["userAssignedIdentities"].values()
    return str(found["properties"]["principalId"])


def given(scene: Scene) -> list[dict[str, Any]]:
    """Give what stands at the management group for the identity."""
    held = scene.azure.state()["roleAssignments"].values()
    told = [each["properties"] for each in held if each["properties"]["scope"] == CORP]
    names = ("roleDefinitionId", "description")
    return [{n: p.get(n) for n in names} for p in told if p["principalId"] == principal(scene)]


def a_role(scene: Scene, **spec: Any) -> dict[str, Any]:
    who = {"userAssignedIdentityRef": {"id": scene.arm_id("who", IDENTITIES)}}
    return manifest(KIND, "it", scope={"id": CORP}, principal=who, roleName="Reader", **spec)


async def test_a_role_at_a_management_group_is_given_changed_and_taken_back(scene: Scene) -> None:
    scene.azure.assign_role(scene.operator_id, RIGHTS, CORP)
    seen = []
    for words in ({}, {"description": "reads"}):
        scene.apply(a_role(scene, **words))
        await scene.settle()
        seen += [scene.conditions(KIND, "it")["Ready"], *given(scene)]
    scene.delete(KIND, "it")
    await scene.settle()
    granted, owner = ("True", "Granted"), "cluster-1/here/it"
    assert [*seen, *given(scene)] == [
        granted,
        {"roleDefinitionId": READER, "description": owner},
        granted,
        {"roleDefinitionId": READER, "description": f"{owner}: reads"},
    ]


async def test_a_role_at_a_management_group_is_still_once_it_stands(scene: Scene) -> None:
    scene.azure.assign_role(scene.operator_id, RIGHTS, CORP)
    scene.apply(a_role(scene))
    await scene.settle()
    scene.mark()
    await scene.run_for(2000)
    await scene.restart_operator()
    await scene.run_for(2000)
    ready = scene.conditions(KIND, "it")["Ready"]
    assert (scene.writes(), ready) == ([], ("True", "Granted"))


async def test_rights_on_the_subscription_give_none_at_the_group_above_it(scene: Scene) -> None:
    scene.apply(a_role(scene))
    await scene.settle()
    assert (scene.conditions(KIND, "it")["Ready"], given(scene)) == (("False", "Forbidden"), [])


async def test_the_role_counts_in_the_subscription_below_the_management_group(scene: Scene) -> None:
    scene.azure.assign_role(scene.operator_id, RIGHTS, CORP)
    read = "Microsoft.KeyVault/vaults/read"
    rights = scene.azure.cloud.authorization
    before = rights.allows(principal(scene), read, scene.group_id())
    scene.apply(a_role(scene))
    await scene.settle()
    assert (before, rights.allows(principal(scene), read, scene.group_id())) == (False, True)


async def test_data_actions_at_a_management_group_take_their_time() -> None:
    async with open_scene({**KNOBS, "management_group_delay": 7200}) as scene:
        await scene.identity("who")
        scene.azure.assign_role(scene.operator_id, RIGHTS, CORP)
        scene.apply({**a_role(scene), "spec": a_role(scene)["spec"] | {"roleName": VAULT_ROLE}})
        await scene.settle()
        rights, seen = scene.azure.cloud.authorization, []
        for seconds in (0, 7300):
            await scene.run_for(seconds)
            seen.append(rights.allows(principal(scene), READ_SECRET, scene.group_id(), data=True))
        assert seen == [False, True]
