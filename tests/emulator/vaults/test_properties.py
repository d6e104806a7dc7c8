"""A vault's properties: stored, replaced, merged, shown."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.errors import AzureError
from azure_emulator.vaults import properties

OLD, NEW, RBAC = "2019-09-01", "2023-07-01", "2026-02-01"


def whole(**more: Any) -> dict[str, Any]:
    sku = {"family": "A", "name": "standard"}
    return {"tenantId": "t", "sku": sku, "accessPolicies": [], **more}


def created(api_version: str = NEW, **more: Any) -> dict[str, Any]:
    return properties.created(whole(**more), api_version, rbac_default_from=RBAC)


def test_the_recorded_version_fills_in_what_was_recorded() -> None:
    assert properties.shown(created(OLD), OLD) == whole(
        enabledForDeployment=False, enableSoftDelete=True
    )


def test_later_versions_fill_in_retention_and_public_access() -> None:
    assert properties.shown(created(), NEW) == whole(
        enabledForDeployment=False,
        enableSoftDelete=True,
        softDeleteRetentionInDays=90,
        publicNetworkAccess="Enabled",
    )


@pytest.mark.parametrize(
    ("api_version", "shown"), [(NEW, None), (RBAC, True), ("2026-05-15", True)]
)
def test_new_vaults_go_by_roles_from_2026_02_01_on(api_version: str, shown: bool | None) -> None:
    stored = created(api_version)

    assert properties.shown(stored, api_version).get("enableRbacAuthorization") is shown


def test_a_replacement_never_switches_the_access_model() -> None:
    stored = created(enableRbacAuthorization=False)

    assert properties.replaced(stored, whole())["enableRbacAuthorization"] is False


def test_a_replacement_wipes_policies_and_flags_that_it_leaves_out() -> None:
    entry = {"tenantId": "t", "objectId": "a", "permissions": {"secrets": ["get"]}}
    stored = created(
        accessPolicies=[entry], enabledForDiskEncryption=True, networkAcls={"defaultAction": "Deny"}
    )

    assert properties.replaced(stored, whole()) == created()


def test_a_patch_keeps_what_it_does_not_name() -> None:
    stored = created(enabledForDiskEncryption=True)

    changed = properties.merged(stored, {"enabledForDeployment": True})

    assert changed == created(enabledForDiskEncryption=True, enabledForDeployment=True)


def test_an_open_firewall_is_not_shown() -> None:
    rules = {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": []}

    assert "networkAcls" not in properties.shown(created(networkAcls=rules), NEW)


def test_a_firewall_is_filled_in() -> None:
    subnet = "/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/virtualNetworks/V"
    rules = {"ipRules": [{"value": "203.0.113.7"}], "virtualNetworkRules": [{"id": subnet}]}

    assert properties.shown(created(networkAcls=rules), NEW)["networkAcls"] == {
        "bypass": "AzureServices",
        "defaultAction": "Allow",
        "ipRules": [{"value": "203.0.113.7/32"}],
        "virtualNetworkRules": [{"id": subnet.lower()}],
    }


@pytest.mark.parametrize("name", ["tenantId", "sku", "accessPolicies"])
def test_required_properties_are_named_when_missing(name: str) -> None:
    with pytest.raises(AzureError, match=name) as refused:
        properties.created(whole(**{name: None}), NEW, rbac_default_from=RBAC)

    assert (refused.value.status, refused.value.code) == (400, "BadRequest")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sku": {"family": "B", "name": "standard"}},
        {"sku": {"family": "A", "name": "gold"}},
        {"softDeleteRetentionInDays": 6},
        {"softDeleteRetentionInDays": 91},
        {"softDeleteRetentionInDays": True},
        {"enabledForDeployment": "yes"},
        {"networkAcls": {"defaultAction": "Maybe"}},
        {"networkAcls": {"ipRules": [{"value": "somewhere"}]}},
        {"publicNetworkAccess": "perhaps"},
        {"enablePurgeProtection": False},
        {"enableSoftDelete": False},
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(AzureError, match=next(iter(wrong))) as refused:
        created(**wrong)

    assert (refused.value.status, refused.value.code) == (400, "BadRequest")


@pytest.mark.parametrize(
    "change",
    [
        {"softDeleteRetentionInDays": 7},
        {"enableSoftDelete": False},
        {"enablePurgeProtection": False},
    ],
)
def test_what_is_set_once_cannot_be_changed(change: dict[str, Any]) -> None:
    stored = created(enablePurgeProtection=True)

    for refuse in (properties.replaced, properties.merged):
        with pytest.raises(AzureError, match=next(iter(change))):
            refuse(stored, whole(**change))


def test_soft_delete_can_be_switched_on_later() -> None:
    stored = created(OLD, enableSoftDelete=False, softDeleteRetentionInDays=90)

    assert properties.replaced(stored, whole(enableSoftDelete=True))["enableSoftDelete"] is True


def test_retention_is_90_days_unless_told_and_0_without_soft_delete() -> None:
    stored = [created(), created(softDeleteRetentionInDays=7), created(OLD, enableSoftDelete=False)]

    assert [properties.retention_days(each) for each in stored] == [90, 7, 0]
