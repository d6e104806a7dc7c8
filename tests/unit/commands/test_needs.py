from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.commands import actions
from aci_operator.commands.needs import Need, needs_of

DEPLOY = Path(__file__).parents[3] / "deploy"
SUB = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{SUB}/resourceGroups/g"
THEIRS = f"{SUB}/resourceGroups/theirs"
VAULT = f"{THEIRS}/providers/Microsoft.KeyVault/vaults/v"
IN_GROUP = {"resourceGroupRef": {"name": "g"}}
RG: tuple[str, str, dict[str, Any]] = ("ResourceGroup", "g", {})
WORK = Need(GROUP, actions.NEEDED)
POLICIES, ROLES = Need(GROUP, actions.POLICIES), Need(GROUP, actions.ROLES)


def object_(kind: str, name: str, spec: dict[str, Any], **status: Any) -> Object:
    return Object(Key(kind, "team", name), "uid", "1", 1, spec, status)


ACCOUNT = object_("AzureAccount", "azure", {"subscriptionId": SUB.rpartition("/")[2]})


def needs(*objects: tuple[str, str, dict[str, Any]], **status: Any) -> list[Need]:
    """Give the needs of objects; `status` is that of the last."""
    made = [object_(*each) for each in objects[:-1]]
    return needs_of(ACCOUNT, [*made, object_(*objects[-1], **status)])


def test_a_group_of_ones_own_needs_the_subscription() -> None:
    assert needs(RG) == [WORK, Need(SUB, actions.GROUPS)]


def test_a_group_that_is_only_observed_needs_no_more_than_itself() -> None:
    observed = {"operator": {"managementPolicy": "ObserveOnly"}}
    assert needs(("ResourceGroup", "g", observed)) == [WORK]


def test_a_vault_by_roles_needs_role_assignments_before_it_is_there() -> None:
    found = needs(RG, ("KeyVault", "v", {"permissionModel": "RBAC", **IN_GROUP}))
    assert found == [WORK, Need(SUB, actions.GROUPS), ROLES]


def test_a_vault_by_policies_needs_neither() -> None:
    found = needs(RG, ("KeyVault", "v", {"permissionModel": "AccessPolicy", **IN_GROUP}))
    assert found == [WORK, Need(SUB, actions.GROUPS)]


def test_a_vault_with_former_access_needs_what_takes_it_away() -> None:
    former = [{"principalId": "p", "permissionModel": "RBAC"}]
    vault = ("KeyVault", "v", {"permissionModel": "AccessPolicy", **IN_GROUP})
    found = needs(RG, vault, formerAccess=former)
    assert found == [WORK, Need(SUB, actions.GROUPS), POLICIES, ROLES]


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [("Fail", []), ("Recover", []), ("PurgeThenCreate", [Need(SUB, actions.PURGE)])],
)
def test_a_vault_needs_to_purge_where_its_spec_says_so(choice: str, wanted: Any) -> None:
    spec = {"permissionModel": "AccessPolicy", "softDeleted": choice, **IN_GROUP}
    assert needs(RG, ("KeyVault", "v", spec)) == [WORK, Need(SUB, actions.GROUPS), *wanted]


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [("", [POLICIES, ROLES]), ("RBAC", [ROLES]), ("AccessPolicy", [POLICIES])],
)
def test_access_needs_what_its_mode_takes_where_the_vault_is(mode: str, wanted: Any) -> None:
    vault = ("KeyVault", "v", {"permissionModel": "AccessPolicy", **IN_GROUP})
    access = ("KeyVaultAccess", "a", {"keyVaultRef": {"name": "v"}})
    found = needs(RG, vault, access, effectiveMode=mode)
    assert found == [WORK, Need(SUB, actions.GROUPS), *wanted]


ASSIGNMENT = {"scope": {"resourceGroupRef": {"id": THEIRS}}, "principal": {}}


@pytest.mark.parametrize(
    ("spec", "status", "wanted"),
    [
        ({"roleName": "Contributor"}, {}, [Need(THEIRS, actions.ROLES)]),
        (
            {"roleName": "their own"},
            {},
            [Need(THEIRS, actions.ROLES), Need(THEIRS, actions.NAMES)],
        ),
        ({"roleDefinitionId": "g"}, {"scope": VAULT}, [Need(VAULT, actions.ROLES)]),
        ({"roleName": "Owner", "operator": {"managementPolicy": "ObserveOnly"}}, {}, []),
    ],
)
def test_a_role_assignment_needs_what_it_takes_at_its_scope(
    spec: dict[str, Any], status: dict[str, str], wanted: list[Need]
) -> None:
    found = needs(("RoleAssignment", "r", {**ASSIGNMENT, **spec}), **status)
    assert [need for need in found if need != WORK] == wanted


def test_a_secret_in_a_vault_of_others_needs_its_data_actions() -> None:
    found = needs(("KeyVaultSecret", "s", {"keyVaultRef": {"id": VAULT}}))
    assert found == [Need(VAULT, actions.SECRETS, data=True)]


@pytest.mark.parametrize(
    ("allowed", "ref", "wanted"),
    [
        (True, {"name": "job"}, [Need(GROUP, actions.EXEC)]),
        (True, {"id": f"{THEIRS}/providers/Microsoft.ContainerInstance/containerGroups/j"}, None),
        (False, {"name": "job"}, []),
    ],
)
def test_a_probe_needs_exec_where_its_group_is_if_the_account_allows_it(
    allowed: bool, ref: dict[str, str], wanted: list[Need] | None
) -> None:
    spec = {**ACCOUNT.spec, "allowExec": allowed}
    access = {"keyVaultRef": {"id": VAULT}, "probe": {"containerGroupRef": ref}}
    objects = [object_("ResourceGroup", "g", {}), object_("ContainerGroup", "job", IN_GROUP)]
    found = needs_of(
        object_("AzureAccount", "azure", spec), [*objects, object_("KeyVaultAccess", "a", access)]
    )
    asked = [need for need in found if need.actions == actions.EXEC]
    assert asked == ([Need(THEIRS, actions.EXEC)] if wanted is None else wanted)


SUBNET = f"{THEIRS}/providers/Microsoft.Network/virtualNetworks/v/subnets/x"


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, [Need(SUBNET, actions.JOIN)]),
        ({"operator": {"managementPolicy": "ObserveOnly"}}, []),
        ({"subnetIds": []}, []),
        ({"subnetIds": [{"id": "no ID"}]}, []),
    ],
)
def test_a_group_in_a_subnet_needs_to_join_it(more: dict[str, Any], wanted: list[Need]) -> None:
    spec = {**IN_GROUP, "subnetIds": [{"id": SUBNET}], **more}
    found = needs(RG, ("ContainerGroup", "it", spec))
    assert [need for need in found if need.actions == actions.JOIN] == wanted


def test_the_shipped_roles_give_what_is_needed_and_little_more() -> None:
    def role(name: str, field: str = "Actions") -> list[str]:
        found: list[str] = json.loads((DEPLOY / f"azure-role-{name}.json").read_text())[field]
        return found

    assert list(actions.GRANTS) == role("grants")
    assert [*actions.GROUPS, *actions.PURGE, *actions.CAPABILITIES] == role("subscription")
    assert list(actions.SECRETS) == role("secrets", "DataActions")
    assert list(actions.EXEC) == role("exec")
    assert list(actions.NETWORK) == role("network")
