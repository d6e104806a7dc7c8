"""Vaults in depth: former access after a switch of the model, network rules, adoption."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from cases.grants import OFFICER, VAULTS, a_vault, policies, roles
from in_process.manifests import manifest, source
from in_process.scene import Ended, Scene, open_scene

OURS = ["delete", "list", "recover", "set"]
SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s"


def vault(scene: Scene, model: str = "AccessPolicy", **spec: Any) -> dict[str, Any]:
    group = {"resourceGroupRef": {"id": scene.group_id()}}
    return manifest(
        "KeyVault", "myvault", azureName="myvault", permissionModel=model, **group, **spec
    )


async def ours(scene: Scene, model: str, **spec: Any) -> None:
    """Have a vault of ours; what was called so far is forgotten."""
    scene.apply(vault(scene, model, **spec))
    await scene.run_for(60)
    assert scene.unready() == {}
    scene.mark()


def operator_id(scene: Scene) -> str:
    return str(scene.status("AzureAccount", "account")["principalId"])


async def give(scene: Scene, principal_id: str, **permissions: list[str]) -> None:
    tenant = scene.azure.settings.tenant_id
    entry = {"tenantId": tenant, "objectId": principal_id, "permissions": permissions}
    await scene.stranger.vaults.add_policies(scene.arm_id("myvault", VAULTS), [entry])


def said(scene: Scene) -> list[str]:
    """Give method and last word of each write's path."""
    return [f"{method} {path.rpartition('/')[2][:14]}" for method, path in scene.writes()]


async def test_the_operator_s_policy_goes_after_the_switch_to_roles_and_others_stay() -> None:
    async with open_scene() as scene:
        await ours(scene, "AccessPolicy")
        await give(scene, "theirs", secrets=["get"])
        scene.apply(vault(scene, "RBAC"))
        await scene.run_for(60)
        writes = [method for method, _ in scene.writes()]
        assert (writes, said(scene)[1:]) == (
            ["PUT", "PATCH", "PUT"],
            ["PATCH myvault", "PUT remove"],
        )
        assert policies(scene) == {"theirs": {"secrets": ["get"]}}
        assert roles(scene) == [(operator_id(scene), OFFICER)]


async def test_the_operator_s_role_goes_after_the_switch_to_policies_and_others_stay() -> None:
    async with open_scene() as scene:
        await ours(scene, "RBAC")
        scene.azure.assign_role("theirs", "Reader", scene.arm_id("myvault", VAULTS))
        before = roles(scene)
        scene.apply(vault(scene, "AccessPolicy"))
        await scene.run_for(60)
        assert [method for method, _ in scene.writes()] == ["PUT", "PATCH", "DELETE"]
        assert policies(scene) == {operator_id(scene): {"secrets": OURS}}
        assert roles(scene) == [each for each in before if each[0] == "theirs"]


async def test_an_assignment_that_others_described_anew_stays_after_the_switch() -> None:
    async with open_scene() as scene:
        await ours(scene, "RBAC")
        listed = scene.azure.state()["roleAssignments"].items()
        ((arm_id, body),) = [each for each in listed if "/vaults/" in each[0]]
        taken = {**body["properties"], "description": "ours now"}
        wanted = ("roleDefinitionId", "principalId", "principalType", "description")
        properties = {name: taken[name] for name in wanted}
        await scene.stranger.role_assignments.put(arm_id, {"properties": properties})
        scene.apply(vault(scene, "AccessPolicy"))
        await scene.run_for(60)
        assert roles(scene) == [(operator_id(scene), OFFICER)]


@pytest.mark.parametrize(("delay", "stays"), [(0.0, False), (250.0, True)])
async def test_the_former_policy_stays_until_the_role_has_effect(delay: float, stays: bool) -> None:
    async with open_scene({"role_delay": delay}) as scene:
        await ours(scene, "AccessPolicy")
        scene.apply(vault(scene, "RBAC"))
        await scene.run_for(200)
        early = operator_id(scene) in policies(scene)
        await scene.run_for(400)
        assert (early, policies(scene), scene.unready()) == (stays, {}, {})


async def test_a_role_that_never_has_effect_costs_few_reads_and_keeps_the_policy() -> None:
    async with open_scene({"role_delay": 1e9}) as scene:
        await ours(scene, "AccessPolicy")
        scene.apply(vault(scene, "RBAC"))
        await scene.run_for(60)
        scene.mark()
        await scene.run_for(3600)
        assert policies(scene) == {operator_id(scene): {"secrets": OURS}}
        assert (scene.writes(), len(scene.reads()) <= 60) == ([], True)


async def test_what_somebody_added_to_the_operator_s_entry_stays() -> None:
    async with open_scene() as scene:
        await ours(scene, "AccessPolicy")
        await give(scene, operator_id(scene), secrets=["get"], keys=["sign"])
        scene.apply(vault(scene, "RBAC"))
        await scene.run_for(60)
        assert policies(scene) == {operator_id(scene): {"secrets": ["get"], "keys": ["sign"]}}


async def test_an_entry_that_the_operator_would_not_write_so_is_left_alone() -> None:
    async with open_scene() as scene:
        await ours(scene, "AccessPolicy")
        me = {"tenantId": scene.azure.settings.tenant_id, "objectId": operator_id(scene)}
        gone = {**me, "permissions": {"secrets": ["recover"]}}
        await scene.stranger.vaults.remove_policies(scene.arm_id("myvault", VAULTS), [gone])
        scene.apply(vault(scene, "RBAC"))
        await scene.run_for(60)
        left = {"secrets": ["delete", "list", "set"]}
        assert policies(scene) == {operator_id(scene): left}


async def test_a_switch_back_and_forth_ends_with_the_one_access_that_counts() -> None:
    async with open_scene({"role_delay": 100.0}) as scene:
        await ours(scene, "AccessPolicy")
        for model in ("RBAC", "AccessPolicy", "RBAC", "AccessPolicy"):
            scene.apply(vault(scene, model))
            await scene.run_for(30)
        await scene.run_for(600)
        assert (policies(scene), roles(scene)) == ({operator_id(scene): {"secrets": OURS}}, [])
        assert "formerAccess" not in scene.status("KeyVault", "myvault")


async def test_a_restart_before_the_former_access_went_forgets_nothing() -> None:
    async with open_scene({"role_delay": 250.0}) as scene:
        await ours(scene, "AccessPolicy")
        scene.apply(vault(scene, "RBAC"))
        await scene.run_for(30)
        await scene.restart_operator()
        await scene.run_for(600)
        assert policies(scene) == {}


@pytest.mark.parametrize("at", range(1, 10))
@pytest.mark.parametrize(("one", "other"), [("AccessPolicy", "RBAC"), ("RBAC", "AccessPolicy")])
async def test_an_operator_that_ends_anywhere_in_a_switch_has_one_access_in_the_end(
    one: str, other: str, at: int
) -> None:
    async with open_scene() as scene:
        await ours(scene, one)
        scene.end_after(at)
        with suppress(Ended):
            scene.apply(vault(scene, other))
            await scene.settle()
        await scene.restart_operator()
        await scene.run_for(1300)
        me = operator_id(scene)
        by_policy, by_role = {me: {"secrets": OURS}}, [(me, OFFICER)]
        wanted = ({}, by_role) if other == "RBAC" else (by_policy, [])
        assert ((policies(scene), roles(scene)), scene.unready()) == (wanted, {})


async def test_the_access_of_the_account_s_former_principal_goes_too() -> None:
    async with open_scene() as scene:
        await ours(scene, "AccessPolicy")
        before = operator_id(scene)
        other = scene.azure.create_service_principal("next", secret="next-secret")
        scene.azure.assign_role(other.oid, "Owner", scene.subscription)
        account = scene.object("AzureAccount", "account")
        assert account is not None
        spec = {
            **account["spec"],
            "credential": {
                "servicePrincipal": {"clientId": other.appid, "clientSecretFrom": source("account")}
            },
        }
        scene.secret("account", value="next-secret")
        scene.apply(manifest("AzureAccount", "account", **spec))
        await scene.run_for(1300)
        assert before != other.oid
        assert policies(scene) == {other.oid: {"secrets": OURS}}


async def test_a_right_that_is_missing_for_the_removal_is_told_and_leaves_the_vault_ready() -> None:
    async with open_scene() as scene:
        await ours(scene, "RBAC")
        scene.azure.faults.next(
            method="DELETE", path="roleAssignments", status=403, code="AuthorizationFailed"
        )
        scene.apply(vault(scene, "AccessPolicy"))
        await scene.run_for(60)
        told = [reason for _, reason, note in scene.events if "could not be taken away" in note]
        assert (told, scene.unready(), len(roles(scene))) == (["Forbidden"], {}, 1)
        await scene.run_for(1300)
        assert roles(scene) == []


RULES: dict[str, Any] = {
    "bypass": "None",
    "defaultAction": "Deny",
    "ipRules": [{"value": "127.0.0.1"}],
    "virtualNetworkRules": [{"id": SUBNET, "ignoreMissingVnetServiceEndpoint": True}],
}


def stored(scene: Scene) -> Any:
    (body,) = scene.azure.state()["vaults"].values()
    return body["properties"].get("networkAcls")


STORED = {
    **RULES,
    "ipRules": [{"value": "127.0.0.1/32"}],
    "virtualNetworkRules": [{**RULES["virtualNetworkRules"][0], "id": SUBNET.lower()}],
}
LEAVING = [
    ({}, None),
    ({"networkAcls": {}}, None),
    (
        {"networkAcls": {**RULES, "ipRules": [{"value": "10.0.0.0/8"}]}},
        {**STORED, "ipRules": [{"value": "10.0.0.0/8"}]},
    ),
    (
        {"networkAcls": {**RULES, "virtualNetworkRules": [{"id": SUBNET}]}},
        {**STORED, "virtualNetworkRules": [{"id": SUBNET.lower()}]},
    ),
    *(
        (
            {"networkAcls": {n: v for n, v in RULES.items() if n != left}},
            {**STORED, left: default},
        )
        for left, default in [
            ("bypass", "AzureServices"),
            ("defaultAction", "Allow"),
            ("ipRules", []),
            ("virtualNetworkRules", []),
        ]
    ),
]


@pytest.mark.parametrize(("spec", "after"), LEAVING)
async def test_network_rules_that_leave_the_spec_leave_azure_by_one_patch(
    spec: dict[str, Any], after: Any
) -> None:
    async with open_scene() as scene:
        await ours(scene, "AccessPolicy", networkAcls=RULES)
        assert stored(scene) == STORED
        scene.apply(vault(scene, **spec))
        await scene.run_for(1300)
        assert (stored(scene), said(scene)) == (after, ["PATCH myvault"])


async def test_network_rules_that_the_spec_never_gave_stay_over_a_change_of_others() -> None:
    async with open_scene() as scene:
        await ours(scene, "AccessPolicy")
        theirs = {
            "bypass": "None",
            "defaultAction": "Deny",
            "virtualNetworkRules": [{"id": SUBNET}],
        }
        arm_id = scene.arm_id("myvault", VAULTS)
        await scene.stranger.vaults.patch(arm_id, {"properties": {"networkAcls": theirs}})
        scene.apply(vault(scene, networkAcls={"ipRules": [{"value": "127.0.0.1"}]}))
        await scene.run_for(1300)
        assert stored(scene) == {
            **theirs,
            "ipRules": [{"value": "127.0.0.1/32"}],
            "virtualNetworkRules": [{"id": SUBNET.lower()}],
        }


async def test_an_adopted_vault_keeps_its_policies_over_every_change() -> None:
    async with open_scene() as scene:
        await a_vault(scene, rbac=False)
        await give(scene, "theirs", secrets=["get"], certificates=["list"])
        adopted: dict[str, Any] = {"operator": {"adoptionPolicy": "Adopt"}, "tags": {"a": "1"}}
        scene.apply(vault(scene, **adopted))
        await scene.run_for(60)
        for model in ("AccessPolicy", "RBAC", "AccessPolicy"):
            scene.apply(vault(scene, model, **adopted, sku={"name": "premium"}))
            await scene.run_for(60)
        kept = {"theirs": {"secrets": ["get"], "certificates": ["list"]}}
        assert (policies(scene), roles(scene), scene.unready()) == (kept, [], {})


async def test_region_and_retention_of_an_adopted_vault_are_reported_alone() -> None:
    async with open_scene() as scene:
        await a_vault(scene, rbac=False)
        scene.mark()
        adopted: dict[str, Any] = {"operator": {"adoptionPolicy": "Adopt"}}
        changed: dict[str, Any] = {"softDeleteRetentionInDays": 30, "enabledForDeployment": True}
        scene.apply(vault(scene, **adopted, **changed, location="westus"))
        await scene.run_for(1300)
        status = scene.status("KeyVault", "myvault")
        assert (status["drift"], said(scene), scene.unready()) == (
            ["spec.location", "spec.softDeleteRetentionInDays"],
            ["PATCH myvault"],
            {},
        )
