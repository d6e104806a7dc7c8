"""Deletion finishes, in any order, and Azure keeps only what a policy retains."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from control_plane import ControlPlane
from integration.manifests import container_group, manifest, text
from integration.namespaces import sibling
from integration.summaries import summary
from integration.test_crashes import EXAMPLES, LEFT, seen
from integration.world import World, condition_of, open_world

RG = {"resourceGroupRef": {"name": "my-rg"}}
NUMBERS = itertools.count(1)


async def left_in(world: World, *kinds: str) -> list[str]:
    """Name what of these kinds is left in the namespace."""
    found = json.loads(await world.kubectl("get", ",".join(kinds), "-o", "json"))["items"]
    names = [f"{item['kind']}/{item['metadata']['name']}" for item in found]
    return [name for name in names if name != "ConfigMap/kube-root-ca.crt"]


def held(world: World) -> dict[str, list[str]]:
    """Name what Azure holds, without what was there before."""
    names = {
        section: sorted(str(id_).rpartition("/")[2] for id_ in bodies)
        for section, bodies in world.azure.state().items()
    }
    return {
        section: found
        for section, found in names.items()
        if found and section not in ("roleAssignments", "roleDefinitions")
    }


async def test_all_objects_deleted_at_once_leave_what_is_retained(world: World) -> None:
    await world.apply_samples(*EXAMPLES)
    await world.until_ready()
    await world.kubectl("delete", "aci,secrets", "--all", "--timeout=60s")
    assert await left_in(world, "aci", "secrets") == []
    assert seen(world) == LEFT


async def test_a_namespace_goes_with_everything_in_it(world: World) -> None:
    await world.apply_samples(*EXAMPLES)
    await world.until_ready()
    await world.delete_namespace()
    assert await left_in(world, "aci", "secrets") == []
    assert seen(world) == LEFT


async def test_a_namespace_deleted_while_everything_is_being_made_goes_too(world: World) -> None:
    await world.apply_samples(*EXAMPLES)
    await world.until("keyvault/mykeyvault", "Ready=Available")
    await world.delete_namespace()
    assert await left_in(world, "aci", "secrets") == []
    assert {**held(world), "deletedSecrets": []} == {
        "resourceGroups": ["myResourceGroup"],
        "vaults": ["mykeyvault"],
        "deletedSecrets": [],
    }


@pytest.fixture(scope="module")
async def shared(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """One operator and one Azure for the tests below, each in a namespace of its own."""
    folder = tmp_path_factory.mktemp("deletion")
    async with open_world(control_plane, operator_kubeconfig, "deletion", folder) as opened:
        yield opened


@pytest.fixture
async def own(shared: World) -> AsyncIterator[World]:
    """A namespace with an account, `my-rg` and in it an identity, a group and a vault.

    In Azure the group has the namespace's name, and the vault has it with `-v`.
    """
    name = f"deletion-{next(NUMBERS)}"
    async with sibling(shared, name) as opened:
        await opened.apply(shared.account.manifest())
        await opened.apply(text(*contents(name)))
        await opened.until_ready()
        yield opened


def contents(name: str) -> list[dict[str, Any]]:
    identity = {"type": "UserAssigned", "userAssigned": [{"name": "my-id"}]}
    return [
        manifest("ResourceGroup", "my-rg", azureName=name, location="eastus"),
        manifest("UserAssignedIdentity", "my-id", **RG),
        container_group("my-group", identity=identity),
        manifest("KeyVault", "my-vault", azureName=f"{name}-v", **RG),
    ]


async def begin_to_delete(world: World, target: str) -> None:
    await world.kubectl("delete", target, "--wait=false")


async def until_gone(world: World, *targets: str) -> None:
    await world.kubectl("wait", "--for=delete", "--timeout=60s", *targets)


async def test_an_identity_waits_for_the_group_that_uses_it(own: World) -> None:
    await begin_to_delete(own, "userassignedidentity/my-id")
    waiting = await own.until("userassignedidentity/my-id", "Reconciling=InUse")
    assert waiting["message"] == (
        f"1 container groups still have this identity: ContainerGroup {own.namespace}/my-group. "
        "It is deleted after them."
    )
    await own.kubectl("delete", "containergroup/my-group")
    await until_gone(own, "userassignedidentity/my-id")
    deleted = [write for write in own.writes() if write.startswith("DELETE")]
    assert deleted == [
        "DELETE containerGroups/my-group",
        "DELETE userAssignedIdentities/my-id",
    ]


async def test_an_account_waits_for_the_objects_that_need_it(own: World) -> None:
    await own.kubectl("delete", "azureaccount/azure", "secret/azure-credential", "--wait=false")
    waiting = await own.until("azureaccount/azure", "Reconciling=InUse")
    group = await own.get("containergroup/my-group")
    assert waiting["message"].startswith("4 objects still need this account to be deleted: ")
    assert summary(group) == ("True", "Running", "")
    await own.kubectl("delete", "containergroups,userassignedidentities,keyvaults", "--all")
    await own.kubectl("delete", "resourcegroups", "--all")
    await until_gone(own, "azureaccount/azure", "secret/azure-credential")
    assert await left_in(own, "aci", "secrets") == []


async def test_a_resource_group_to_be_deleted_waits_until_it_is_empty(own: World) -> None:
    policy = json.dumps({"spec": {"operator": {"deletionPolicy": "Delete"}}})
    for kept in ("resourcegroup/my-rg", "keyvault/my-vault"):
        await own.kubectl("patch", kept, "--type=merge", "-p", policy)
    await begin_to_delete(own, "resourcegroup/my-rg")
    waiting = await own.until("resourcegroup/my-rg", "Reconciling=ResourceGroupNotEmpty")
    assert " still holds 3 resources: " in waiting["message"]
    await own.kubectl("delete", "aci", "--all", "--timeout=90s")
    left = {section for section, names in held(own).items() if own.namespace in "".join(names)}
    assert (left, f"{own.namespace}-v" in held(own)["deletedVaults"]) == ({"deletedVaults"}, True)


async def test_an_object_on_its_way_out_says_so(own: World) -> None:
    own.azure.settings.change({"container_delete_seconds": 2})
    await begin_to_delete(own, "containergroup/my-group")
    saying = await own.until("containergroup/my-group", "Reconciling=Deleting")
    own.azure.settings.change({"container_delete_seconds": 0})
    assert saying["message"].startswith("Azure is deleting /subscriptions/")
    assert condition_of(await own.get("keyvault/my-vault"), "Ready")["status"] == "True"
    await until_gone(own, "containergroup/my-group")
