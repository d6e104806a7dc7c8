"""What a vault is made of, and when Azure's answer differs from it (azure.md section 10)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.azure.versions import VAULTS
from aci_operator.kinds.key_vault.body import (
    changed_properties,
    completed,
    creation_properties,
    desired_properties,
    differences,
    permission_model,
)
from aci_operator.kinds.key_vault.body import (
    given as given_by,
)
from azure_emulator.vaults import properties as azure

IGNORE = "ignoreMissingVnetServiceEndpoint"
TENANT, ME = "t-1", "p-operator"
SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/V/subnets/S"


def a_spec(**fields: Any) -> dict[str, Any]:
    """A spec as the API server stores it: with its defaults filled in."""
    return {"permissionModel": "RBAC", "sku": {"name": "standard"}, "softDeleted": "Fail", **fields}


def answered(spec: dict[str, Any]) -> dict[str, Any]:
    """Give the properties that the emulator, and so Azure, answers to the vault's creation."""
    sent = creation_properties(spec, TENANT, ME)
    stored = azure.created(sent, VAULTS, rbac_default_from="2026-02-01")
    shown = azure.shown(stored, VAULTS)
    return {**shown, "vaultUri": "https://v/", "provisioningState": "Succeeded"}


ENTRY = {
    "tenantId": TENANT,
    "objectId": ME,
    "permissions": {"secrets": ["set", "list", "delete", "recover"]},
}


@pytest.mark.parametrize(
    ("model", "policies", "rbac"), [("RBAC", [], True), ("AccessPolicy", [ENTRY], False)]
)
def test_the_operator_lets_itself_in_at_creation_without_the_right_to_read(
    model: str, policies: list[Any], rbac: bool
) -> None:
    assert creation_properties(a_spec(permissionModel=model), TENANT, ME) == {
        "tenantId": TENANT,
        "accessPolicies": policies,
        "enableRbacAuthorization": rbac,
        "sku": {"family": "A", "name": "standard"},
    }


def test_a_change_never_carries_access_policies() -> None:
    assert desired_properties(
        a_spec(permissionModel="AccessPolicy", enabledForDeployment=True)
    ) == {
        "enableRbacAuthorization": False,
        "sku": {"family": "A", "name": "standard"},
        "enabledForDeployment": True,
    }


FLAGS = ("enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment")
RULES = st.fixed_dictionaries(
    {},
    optional={
        "bypass": st.sampled_from(["AzureServices", "None"]),
        "defaultAction": st.sampled_from(["Allow", "Deny"]),
        "ipRules": st.lists(
            st.sampled_from(["1.2.3.4", "1.2.3.0/24", "9.9.9.9/32"]), unique=True, max_size=3
        ).map(lambda found: [{"value": value} for value in found]),
        "virtualNetworkRules": st.sampled_from(
            [[], [{"id": SUBNET}], [{"id": SUBNET, IGNORE: True}]]
        ),
    },
)
SPECS = st.builds(
    lambda fields: a_spec(**fields),
    st.fixed_dictionaries(
        {"permissionModel": st.sampled_from(["RBAC", "AccessPolicy"])},
        optional={
            **{flag: st.booleans() for flag in FLAGS},
            "sku": st.sampled_from([{"name": "standard"}, {"name": "premium"}]),
            "enablePurgeProtection": st.just(True),
            "softDeleteRetentionInDays": st.integers(7, 90),
            "publicNetworkAccess": st.sampled_from(["Enabled", "Disabled"]),
            "networkAcls": RULES,
        },
    ),
)


@given(SPECS)
def test_what_azure_answers_to_a_creation_does_not_differ_from_it(spec: dict[str, Any]) -> None:
    assert differences(spec, answered(spec)) == ()


@given(SPECS, SPECS)
def test_nothing_differs_after_the_change_that_a_difference_asks_for(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    other = {k: v for k, v in other.items() if k not in ("softDeleteRetentionInDays",)}
    seen = {**answered(one), **desired_properties(other)}
    assert differences(other, seen) == ()


MEANS_NOTHING = [
    ({}, {"enableRbacAuthorization": True, "createMode": "default"}),
    ({}, {"sku": {"family": "A", "name": "Standard"}}),
    ({"enabledForDeployment": False}, {"enabledForDeployment": None}),
    ({"publicNetworkAccess": "Enabled"}, {"publicNetworkAccess": None}),
    ({"publicNetworkAccess": "Enabled"}, {"publicNetworkAccess": "enabled"}),
    ({"networkAcls": {"defaultAction": "Allow"}}, {"networkAcls": None}),
    (
        {"networkAcls": {"defaultAction": "Deny"}},
        {"networkAcls": {"bypass": "None", "defaultAction": "Deny", "ipRules": []}},
    ),
    (
        {"networkAcls": {"ipRules": [{"value": "1.2.3.4"}]}},
        {"networkAcls": {"ipRules": [{"value": "1.2.3.4/32"}]}},
    ),
    (
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET}]}},
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET.lower(), "x": False}]}},
    ),
    (
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET}]}},
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET, IGNORE: False}]}},
    ),
    (
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET, IGNORE: False}]}},
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET}]}},
    ),
    (
        {"networkAcls": {"ipRules": [{"value": "1.2.3.4"}, {"value": "9.0.0.0/8"}]}},
        {"networkAcls": {"ipRules": [{"value": "9.0.0.0/8"}, {"value": "1.2.3.4/32"}]}},
    ),
]


@pytest.mark.parametrize(("wanted", "seen"), MEANS_NOTHING)
def test_what_means_nothing_is_no_difference(wanted: dict[str, Any], seen: dict[str, Any]) -> None:
    assert differences(a_spec(**wanted), {**answered(a_spec()), **seen}) == ()


@pytest.mark.parametrize("flag", FLAGS)
def test_an_absent_flag_is_false(flag: str) -> None:
    seen = answered(a_spec())
    seen.pop(flag, None)
    told = [differences(a_spec(**{flag: value}), seen) for value in (False, True)]
    assert told == [(), (f"spec.{flag}",)]


COUNTS = [
    ({}, {"enableRbacAuthorization": False}, "spec.permissionModel"),
    ({}, {"enableRbacAuthorization": None}, "spec.permissionModel"),
    ({"permissionModel": "AccessPolicy"}, {}, "spec.permissionModel"),
    ({"sku": {"name": "premium"}}, {}, "spec.sku.name"),
    ({"enabledForDeployment": True}, {}, "spec.enabledForDeployment"),
    ({"enabledForDeployment": False}, {"enabledForDeployment": True}, "spec.enabledForDeployment"),
    ({"enablePurgeProtection": True}, {}, "spec.enablePurgeProtection"),
    ({"softDeleteRetentionInDays": 7}, {}, "spec.softDeleteRetentionInDays"),
    ({"publicNetworkAccess": "Disabled"}, {}, "spec.publicNetworkAccess"),
    ({"networkAcls": {"defaultAction": "Deny"}}, {}, "spec.networkAcls"),
    ({"networkAcls": {"bypass": "None"}}, {}, "spec.networkAcls"),
    ({"networkAcls": {"ipRules": [{"value": "1.2.3.4"}]}}, {}, "spec.networkAcls"),
    (
        {"networkAcls": {"ipRules": [{"value": "1.2.3.4"}]}},
        {"networkAcls": {"ipRules": [{"value": "1.2.3.5/32"}]}},
        "spec.networkAcls",
    ),
    (
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET}]}},
        {"networkAcls": {"virtualNetworkRules": [{"id": SUBNET, IGNORE: True}]}},
        "spec.networkAcls",
    ),
    (
        {"networkAcls": {"ipRules": []}},
        {"networkAcls": {"ipRules": [{"value": "1.2.3.5/32"}]}},
        "spec.networkAcls",
    ),
]


@pytest.mark.parametrize(("wanted", "seen", "path"), COUNTS)
def test_what_counts_is_a_difference_in_its_path(
    wanted: dict[str, Any], seen: dict[str, Any], path: str
) -> None:
    assert differences(a_spec(**wanted), {**answered(a_spec()), **seen}) == (path,)


def test_access_policies_are_never_a_difference() -> None:
    spec = a_spec(permissionModel="AccessPolicy")
    seen = {**answered(spec), "accessPolicies": [ENTRY, {**ENTRY, "objectId": "else"}]}
    assert differences(spec, seen) == ()


@pytest.mark.parametrize(
    ("flag", "model"),
    [(True, "RBAC"), (False, "AccessPolicy"), (None, "AccessPolicy"), ("absent", "AccessPolicy")],
)
def test_a_vault_without_the_flag_takes_access_policies(flag: Any, model: str) -> None:
    properties = {} if flag == "absent" else {"enableRbacAuthorization": flag}
    assert permission_model(properties) == model


@given(SPECS)
def test_comparing_changes_nothing(spec: dict[str, Any]) -> None:
    seen = answered(spec)
    before = copy.deepcopy((spec, seen))
    differences(spec, seen)
    assert (spec, seen) == before


def test_a_patch_holds_what_differs_and_no_more() -> None:
    spec = a_spec(sku={"name": "premium"}, enabledForDeployment=True)
    paths = ("spec.sku.name", "spec.tags.a")
    sent = {"sku": {"family": "A", "name": "premium"}}
    assert changed_properties(spec, paths, {}) == sent
    model = ("spec.permissionModel",)
    assert changed_properties(spec, model, {}) == {"enableRbacAuthorization": True}


def test_a_patch_of_some_network_rules_carries_the_others_along_as_they_are() -> None:
    spec = a_spec(networkAcls={"ipRules": [{"value": "1.2.3.4"}]})
    there = {
        "bypass": "None",
        "defaultAction": "Deny",
        "ipRules": [],
        "virtualNetworkRules": [{"id": SUBNET.lower()}],
    }
    assert changed_properties(spec, ("spec.networkAcls",), {"networkAcls": there}) == {
        "networkAcls": {**there, "ipRules": [{"value": "1.2.3.4"}]}
    }


@given(SPECS, SPECS)
def test_what_leaves_the_spec_goes_back_to_the_default(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """A vault that was brought from one spec to another shows what a new one would."""
    lasting = ("softDeleteRetentionInDays", "enablePurgeProtection")
    one, other = ({k: v for k, v in s.items() if k not in lasting} for s in (one, other))
    whole = completed(other, given_by(one))
    changed = changed_properties(whole, differences(whole, answered(one)), answered(one))
    stored = azure.created(creation_properties(one, TENANT, ME), VAULTS, rbac_default_from="2026")
    shown = azure.shown(azure.merged(stored, changed), VAULTS)
    assert differences(whole, shown) == ()
    fresh = answered(other)
    assert {n: shown.get(n) for n in DEFAULTED} == {n: fresh.get(n) for n in DEFAULTED}


DEFAULTED = ("enableRbacAuthorization", "sku", "publicNetworkAccess", "networkAcls")
