"""Everything that the operator does, by a principal with the roles of `deploy` and no other."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from azure_emulator.calls import Call
from control_plane import ControlPlane
from integration.azure_roles import FILES, definition, rights_of, shipped
from integration.command_line import aci_operator
from integration.foreigner import Foreigner
from integration.manifests import manifest, secret, text
from integration.test_examples import EXAMPLES
from integration.world import SETTINGS, World, open_world

ROLES = tuple(definition(name, number) for number, name in enumerate(FILES))
IN_THE_GROUP = ("azure-role", "azure-role-grants")
ELSEWHERE = {"Microsoft.KeyVault/vaults/secrets/update/action"}
"""Taken only to mark a secret that is taken over, which `test_ownership.py` does."""
RBAC = {"keyVaultRef": {"name": "by-roles"}}


@pytest.fixture
async def world(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[World]:
    settings = replace(SETTINGS, custom_roles=ROLES)
    name = f"least-privilege-{len(request.node.name)}"
    async with open_world(
        control_plane, operator_kubeconfig, name, tmp_path, settings=settings
    ) as it:
        only_the_shipped_roles(it)
        yield it


def only_the_shipped_roles(world: World) -> None:
    """Take away what the account has, and give it our roles where the pages say."""
    azure = world.azure
    principal = azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    for assignment in list(azure.cloud.authorization.assignments.of(principal.oid)):
        azure.cloud.authorization.assignments.remove(assignment.name)
    for name in IN_THE_GROUP:
        azure.assign_role(principal.oid, shipped(name)["Name"], world.group_id)
    subscription = f"/subscriptions/{world.account.subscription_id}"
    name = shipped("azure-role-subscription")["Name"]
    azure.assign_role(principal.oid, name, subscription)


async def test_the_shipped_roles_are_enough_and_each_right_is_used(world: World) -> None:
    watched: list[Call] = []
    world.azure.calls.watchers.append(watched.append)
    await world.apply_samples(*EXAMPLES)
    await world.apply(text(*by_roles(), with_a_gpu()))
    await world.until_ready()
    await delete_and_recover(world)
    await stop(world)
    await edit(world)
    checked = await aci_operator(world.plane.kubeconfig, "check", "-n", world.namespace)
    assert (checked.code, [line for line in checked.lines if " missing " in line]) == (0, [])
    await start_and_restart(world)
    await ask_for_a_taken_name(world)
    await delete(world)
    ours = [call for call in watched if call.oid == operator_oid(world) and not asks_only(call)]
    assert [str(call) for call in ours if call.status == 403] == []
    used = {right for call in ours if call.surface in ("arm", "vault") for right in rights_of(call)}
    assert used | ELSEWHERE == {right for name in FILES for right in rights(name)}


def asks_only(call: Call) -> bool:
    """Whether `check` asked for a provider's registration, which no role of ours shows."""
    return bool(re.search(r"/subscriptions/[^/]+/providers/[^/]+$", call.path.partition("?")[0]))


def rights(name: str) -> list[str]:
    role = shipped(name)
    return [*role["Actions"], *role["DataActions"]]


def operator_oid(world: World) -> str:
    principal = world.azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    return str(principal.oid)


def by_roles() -> list[dict[str, object]]:
    """A vault that goes by roles, with a secret and a grant."""
    group = {"resourceGroupRef": {"name": "my-rg"}}
    value = {"secretKeyRef": {"name": "sample", "key": "value"}}
    who = {"userAssignedIdentityRef": {"name": "my-aci-id"}}
    return [
        manifest("KeyVault", "by-roles", azureName="by-roles", permissionModel="RBAC", **group),
        manifest("KeyVaultSecret", "by-roles", valueFrom=value, **RBAC),
        manifest(
            "KeyVaultAccess", "by-roles", principal=who, permissions={"secrets": ["get"]}, **RBAC
        ),
        manifest("RoleAssignment", "reader", principal=who, scope=group, roleName="Reader"),
    ]


def with_a_gpu() -> dict[str, object]:
    """A group with a GPU: which of them the region has is looked up."""
    requests = {"cpu": 1, "memoryInGB": 1.5, "gpu": {"count": 1, "sku": "K80"}}
    app = {"name": "app", "image": "alpine:3", "resources": {"requests": requests}}
    group = {"resourceGroupRef": {"name": "my-rg"}}
    return manifest("ContainerGroup", "with-a-gpu", osType="Linux", containers=[app], **group)


async def edit(world: World) -> None:
    """Edit tags, which is a PATCH where Azure has one."""
    patch = json.dumps({"spec": {"tags": {"edited": "yes"}}})
    edited = (
        "resourcegroup/my-rg",
        "keyvault/mykeyvault",
        "userassignedidentity/my-aci-id",
        "containergroup/mycontainer",
    )
    for target in edited:
        await world.kubectl("patch", target, "--type=merge", "-p", patch)
        generation = (await world.get(target))["metadata"]["generation"]
        reached = f"--for=jsonpath={{.status.observedGeneration}}={generation}"
        await world.kubectl("wait", reached, target, "--timeout=60s")


async def delete_and_recover(world: World) -> None:
    """Have a secret deleted, and made again while the vault still keeps it."""
    await world.kubectl("delete", "keyvaultsecret/by-roles", "--timeout=60s")
    await world.apply(text(*by_roles()))
    await world.until_ready()


async def stop(world: World) -> None:
    """Have a group stopped."""
    await power(world, "Stopped")
    await world.until("containergroup/mycontainer", "Ready=Stopped")


async def start_and_restart(world: World) -> None:
    """Have it started again, and then restarted."""
    await power(world, "Running")
    await world.until("containergroup/mycontainer", "Ready=Running")
    at = "aci-operator.io/restart-requested-at=2100-01-01T00:00:00Z"
    await world.kubectl("annotate", "containergroup/mycontainer", at)
    answered = "--for=jsonpath={.status.lastHandledRestartAt}=2100-01-01T00:00:00Z"
    await world.kubectl("wait", answered, "containergroup/mycontainer", "--timeout=60s")
    await world.until("containergroup/mycontainer", "Ready=Running")


async def power(world: World, state: str) -> None:
    """Edit what the spec says about running."""
    patch = json.dumps({"spec": {"operator": {"powerState": state}}})
    target = "containergroup/mycontainer"
    await world.kubectl("patch", target, "--type=merge", "-p", patch)


async def ask_for_a_taken_name(world: World) -> None:
    """Have somebody else's deleted vault hold a name that we want."""
    theirs = Foreigner(world)
    elsewhere = f"/subscriptions/{world.account.subscription_id}/resourceGroups/theirs"
    await theirs.put(elsewhere, {"location": "eastus"})
    vault = f"{elsewhere}/providers/Microsoft.KeyVault/vaults/gonevault"
    await theirs.put(vault, theirs.vault())
    await theirs.delete(vault)
    group = {"resourceGroupRef": {"name": "my-rg"}}
    await world.apply(text(manifest("KeyVault", "gonevault", azureName="gonevault", **group)))
    await world.until("keyvault/gonevault", "Stalled=VaultSoftDeleted")
    purge = json.dumps({"spec": {"softDeleted": "PurgeThenCreate"}})
    await world.kubectl("patch", "keyvault/gonevault", "--type=merge", "-p", purge)
    await world.until("keyvault/gonevault", "Ready=Available")


async def delete(world: World) -> None:
    """Delete everything, the vaults and the resource group in Azure too."""
    patch = json.dumps({"spec": {"operator": {"deletionPolicy": "Delete"}}})
    vaults = ("keyvault/mykeyvault", "keyvault/by-roles", "keyvault/gonevault")
    for target in (*vaults, "resourcegroup/my-rg"):
        await world.kubectl("patch", target, "--type=merge", "-p", patch)
    # First what would go unasked with its vault.
    await world.kubectl("delete", "acikvs,acikva,acira", "--all", "--timeout=60s")
    await world.kubectl("delete", "aci", "--all", "--timeout=60s")


async def test_secrets_of_a_vault_that_others_made_take_the_role_for_secrets_alone(
    world: World,
) -> None:
    vault = await vault_of_others(world)
    watched: list[Call] = []
    world.azure.calls.watchers.append(watched.append)
    value = {"secretKeyRef": {"name": "sample", "key": "value"}}
    ref = {"keyVaultRef": {"id": vault}}
    await world.apply(world.account.manifest() + "---\n" + text(secret("sample", value="x")))
    for _ in range(2):  # the second time it is recovered
        await world.apply(text(manifest("KeyVaultSecret", "theirs", valueFrom=value, **ref)))
        await world.until_ready()
        await world.kubectl("delete", "acikvs/theirs", "--timeout=60s")
    calls = [call for call in watched if call.oid == operator_oid(world)]
    assert [str(call) for call in calls if call.status == 403] == []
    used = {right for call in calls if call.surface == "vault" for right in rights_of(call)}
    assert used | ELSEWHERE == set(shipped("azure-role-secrets")["DataActions"])


async def vault_of_others(world: World) -> str:
    """Have somebody make a vault that goes by roles, and lend us the role for its secrets."""
    theirs = Foreigner(world)
    group = f"/subscriptions/{world.account.subscription_id}/resourceGroups/theirs"
    vault = f"{group}/providers/Microsoft.KeyVault/vaults/theirvault"
    await theirs.put(group, {"location": "eastus"})
    await theirs.put(vault, theirs.vault(enableRbacAuthorization=True))
    world.azure.assign_role(operator_oid(world), shipped("azure-role")["Name"], group)
    world.azure.assign_role(operator_oid(world), shipped("azure-role-secrets")["Name"], vault)
    return vault
