"""Whose a resource in Azure is: taken over, refused, only observed, claimed by two."""

from __future__ import annotations

from typing import Any

import pytest

from integration.foreigner import Foreigner
from integration.manifests import Manifest, container_group, manifest, secret, source, target, text
from integration.namespaces import sibling
from integration.refusal_objects import FOREIGN_CONTAINER, RG, VAULT
from integration.summaries import summary
from integration.world import World, condition_of

ADOPT = {"adoptionPolicy": "Adopt"}
OBSERVE = {"managementPolicy": "ObserveOnly"}
OWNER = "aci-operator-owner"
MY_RG = manifest("ResourceGroup", "my-rg", azureName="myResourceGroup", location="eastus")
TAKEN = "False", "AlreadyClaimed", "Stalled"


def five(policy: dict[str, str]) -> list[Manifest]:
    """One object of each kind that has a resource of its own, by one policy."""
    group = {**MY_RG["spec"], "operator": policy, "tags": {"team": "ours"}}
    return [
        {**MY_RG, "spec": group},
        manifest("UserAssignedIdentity", "foreign-id", operator=policy, **RG),
        manifest(
            "KeyVault",
            "mykeyvault",
            azureName="mykeyvault",
            permissionModel="AccessPolicy",
            operator=policy,
            **RG,
        ),
        manifest("KeyVaultSecret", "theirs", operator=policy, valueFrom=source("sample"), **VAULT),
        container_group("foreign-containers", operator=policy),
    ]


async def make_theirs(world: World) -> Foreigner:
    """Let somebody else make all five, with tags of their own; the operator may write secrets."""
    foreigner, group = Foreigner(world), world.group_id
    at: dict[str, Any] = {"location": "eastus", "tags": {"theirs": "1"}}
    await foreigner.put(group, at)
    providers = f"{group}/providers"
    await foreigner.put(
        f"{providers}/Microsoft.ManagedIdentity/userAssignedIdentities/foreign-id", at
    )
    vault = foreigner.vault()
    vault["properties"]["accessPolicies"].append(operators_entry(world))
    vault_id = f"{providers}/Microsoft.KeyVault/vaults/mykeyvault"
    await foreigner.put(vault_id, {**at, **vault})
    uri = world.azure.state()["vaults"][vault_id]["properties"]["vaultUri"]
    await foreigner.set_secret(uri, "theirs", "their value")
    properties = {"osType": "Linux", "containers": [FOREIGN_CONTAINER]}
    await foreigner.put(
        world.container_group_id("foreign-containers"), at | {"properties": properties}
    )
    world.azure.clock.advance(5)
    return foreigner


def operators_entry(world: World) -> dict[str, Any]:
    principal = world.azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    rights = {"secrets": ["set", "list", "delete", "recover"]}
    tenant = world.account.tenant_id
    return {"tenantId": tenant, "objectId": principal.oid, "permissions": rights}


async def apply(world: World, *items: Manifest) -> None:
    await world.apply(world.account.manifest())
    await world.apply(text(secret("sample", value="ours"), *items))


def held_tags(world: World) -> dict[str, dict[str, str]]:
    """Give the tags of all that carries an owner, by the last word of its ID."""
    return {
        id_.rpartition("/")[2]: body["tags"]
        for bodies in world.azure.state().values()
        for id_, body in bodies.items()
        if OWNER in (body.get("tags") or {})
    }


async def test_adoption_marks_and_corrects_and_leaves_the_rest(world: World) -> None:
    foreigner = await make_theirs(world)
    await apply(world, *five(ADOPT))
    await world.until_ready()
    objects = {target(item): item["status"].get("adopted") for item in await world.objects()}
    assert objects == {"azureaccount/azure": None} | {target(item): True for item in five(ADOPT)}
    tags = held_tags(world)
    assert tags["myResourceGroup"].keys() == {"theirs", "team", OWNER}
    vault = next(iter(world.azure.state()["vaults"].values()))["properties"]
    assert [entry["objectId"] for entry in vault["accessPolicies"]] == [
        foreigner.principal.oid,
        operators_entry(world)["objectId"],
    ]
    assert "operatorAccess" not in (await world.get("keyvault/mykeyvault"))["status"]
    group = await world.get("containergroup/foreign-containers")
    assert group["status"]["drift"] == ["spec.containers[main].command"]
    puts = [write for write in world.writes() if write.startswith("PUT containerGroups")]
    assert puts == ["PUT containerGroups/foreign-containers"]  # theirs: adoption restarts nothing


async def test_what_was_adopted_stays_when_its_object_goes(world: World) -> None:
    await make_theirs(world)
    await apply(world, *five(ADOPT))
    await world.until_ready()
    await world.kubectl("delete", *map(target, five(ADOPT)), "--timeout=60s")
    assert [write for write in world.writes() if write.startswith("DELETE")] == []


@pytest.mark.parametrize("owner", ["another-cluster/ns/name"])
async def test_another_cluster_s_tag_is_refused_even_by_adopt(world: World, owner: str) -> None:
    body = {"location": "eastus", "tags": {OWNER: owner}}
    await Foreigner(world).put(world.group_id, body)
    await apply(world, five(ADOPT)[0])
    said = await world.until("resourcegroup/my-rg", "Stalled=AlreadyExists")
    assert f"{world.group_id} exists and belongs to {owner}." in said["message"]
    assert held_tags(world) == {"myResourceGroup": {OWNER: owner}}


async def test_what_is_only_observed_is_reported_and_never_written(world: World) -> None:
    await apply(world, *five(OBSERVE))
    said = await world.until("resourcegroup/my-rg", "Ready=NotFound")
    assert said["status"] == "False"
    await make_theirs(world)
    before = len(world.azure.calls.writes())
    for item in five(OBSERVE):
        at = "aci-operator.io/reconcile-requested-at=now"
        await world.kubectl("annotate", target(item), at)
    await world.until_ready()
    assert [o for o in await world.objects() if o["metadata"].get("finalizers")][1:] == []
    identity = await world.get("userassignedidentity/foreign-id")
    assert identity["status"]["principalId"]
    found = await world.get("resourcegroup/my-rg")
    assert found["status"]["drift"] == ["spec.tags.team"]
    await world.kubectl("delete", *map(target, five(OBSERVE)), "--timeout=60s")
    assert len(world.azure.calls.writes()) == before


async def test_the_second_object_about_a_resource_is_refused_and_deletes_nothing(
    world: World,
) -> None:
    await apply(world, MY_RG)
    await world.until_ready()
    second = manifest(
        "ResourceGroup",
        "second",
        azureName="MYRESOURCEGROUP",
        location="eastus",
        operator={"deletionPolicy": "Delete", **ADOPT},
    )
    async with sibling(world, f"{world.namespace[:50]}-2") as other:
        await apply(other, second)
        said = await other.until("resourcegroup/second", "Stalled=AlreadyClaimed")
        assert (
            f" is what ResourceGroup {world.namespace}/my-rg is about already." in said["message"]
        )
        world.operator.kill()
        world.operator.start()
        await other.kubectl(
            "annotate", "resourcegroup/second", "aci-operator.io/reconcile-requested-at=1"
        )
        handled = "--for=jsonpath={.status.lastHandledReconcileAt}=1"
        await other.kubectl("wait", handled, "--timeout=60s", "resourcegroup/second")
        assert summary(await other.get("resourcegroup/second")) == TAKEN
        await other.kubectl("delete", "resourcegroup/second", "--timeout=60s")
    assert condition_of(await world.get("resourcegroup/my-rg"), "Ready")["status"] == "True"
    assert [write for write in world.writes() if write.startswith("DELETE")] == []


async def test_of_two_that_come_at_once_one_is_refused_and_takes_over_when_the_first_goes(
    world: World,
) -> None:
    policy = {"deletionPolicy": "Delete"}
    pair = [
        manifest("ResourceGroup", name, azureName="shared", location="eastus", operator=policy)
        for name in ("one", "two")
    ]
    await apply(world, *pair)
    path = '{.items[*].status.conditions[?(@.type=="Ready")].reason}'
    reasons: list[str] = []
    while sorted(reasons) != ["AlreadyClaimed", "Available"]:
        reasons = (await world.kubectl("get", "resourcegroup", "-o", f"jsonpath={path}")).split()
    first, second = pair if reasons[0] == "Available" else reversed(pair)
    assert [write for write in world.writes() if write.startswith("PUT")] == [
        "PUT resourcegroups/shared"
    ]
    await world.kubectl("delete", target(first), "--timeout=60s")
    await world.until_ready(target(second), seconds=30)


async def test_adoption_that_only_reports_writes_nothing_but_the_owner_tag(world: World) -> None:
    await make_theirs(world)
    before = len(world.writes())
    await apply(world, *five({**ADOPT, "driftPolicy": "Report"}))
    await world.until_ready()
    assert sorted(world.writes()[before:]) == [
        "PATCH containerGroups/foreign-containers",
        "PATCH resourcegroups/myResourceGroup",
        f"PATCH secrets/theirs/{await version_of_theirs(world)}",
        "PATCH userAssignedIdentities/foreign-id",
        "PATCH vaults/mykeyvault",
    ]
    drift = {target(item): item["status"].get("drift") for item in await world.objects()}
    assert drift == {
        "azureaccount/azure": None,
        "containergroup/foreign-containers": ["spec.containers[main].command"],
        "keyvault/mykeyvault": None,
        "keyvaultsecret/theirs": ["spec.valueFrom"],
        "resourcegroup/my-rg": ["spec.tags.team"],
        "userassignedidentity/foreign-id": None,
    }


async def version_of_theirs(world: World) -> str:
    return str((await world.get("keyvaultsecret/theirs"))["status"]["version"])


@pytest.mark.parametrize("write", [1, 3, 5])
async def test_a_crash_in_the_midst_of_adoption_changes_nothing_of_its_end(
    world: World, write: int
) -> None:
    await make_theirs(world)
    before = len(world.writes())
    killed = world.kill_operator_after(write)
    await apply(world, *five({**ADOPT, "driftPolicy": "Report"}))
    await killed.wait()
    world.operator.start()
    await world.until_ready()
    assert all(item["status"].get("adopted") for item in (await world.objects())[1:])
    assert len(world.writes()) == before + 5
