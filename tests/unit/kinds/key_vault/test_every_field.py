"""The CRD has every field of a vault that Azure's schema lets be written, or says why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import schemas
from aci_operator.azure.versions import VAULTS
from aci_operator.kinds.key_vault.body import creation_properties, differences
from unit.crds.schemas import spec

ELSEWHERE = {
    "accessPolicies": "KeyVaultAccess objects, entry by entry",
    "createMode": "spec.softDeleted",
    "enableRbacAuthorization": "spec.permissionModel",
    "enableSoftDelete": "always true: Azure takes no false",
    "provisioningState": "Azure's own",
    "vaultUri": "Azure's own",
    "tenantId": "the account's",
    "sku.family": "A is the only one",
}
"""What the CRD does not have by Azure's name, and where it is instead."""


def azure_fields() -> set[str]:
    file = Path(schemas.__file__).parent / f"data/armschema-keyvault-{VAULTS}.json"
    found = json.loads(file.read_text())["definitions"]

    def walk(node: dict[str, Any], path: str) -> Iterator[str]:
        for option in (node, *node.get("oneOf", ())):
            name = option.get("$ref", "").removeprefix("#/definitions/")
            if name in found and path != "accessPolicies":
                for inner, value in found[name]["properties"].items():
                    yield from walk(value, f"{path}.{inner}".lstrip("."))
                return
            if option.get("type") == "array" and path != "accessPolicies":
                yield from walk(option["items"], f"{path}[]")
                return
        yield path

    return set(walk({"$ref": "#/definitions/VaultProperties"}, ""))


def our_fields() -> set[str]:
    def walk(node: dict[str, Any], path: str) -> Iterator[str]:
        if node["type"] == "array":
            yield from walk(node["items"], f"{path}[]")
        elif node["type"] == "object":
            for name, inner in (node.get("properties") or {}).items():
                yield from walk(inner, f"{path}.{name}".lstrip("."))
        else:
            yield path

    return set(walk(spec("KeyVault"), ""))


def test_every_writable_field_of_azures_schema_is_in_the_crd_or_elsewhere() -> None:
    assert azure_fields() - our_fields() == set(ELSEWHERE)


SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
RULE = {"id": SUBNET, "ignoreMissingVnetServiceEndpoint": True}
FULL: dict[str, Any] = {
    "permissionModel": "RBAC",
    "sku": {"name": "premium"},
    "softDeleteRetentionInDays": 7,
    "enablePurgeProtection": True,
    "enabledForDeployment": True,
    "enabledForDiskEncryption": True,
    "enabledForTemplateDeployment": True,
    "publicNetworkAccess": "Disabled",
    "networkAcls": {
        "bypass": "None",
        "defaultAction": "Deny",
        "ipRules": [{"value": "203.0.113.0/24"}],
        "virtualNetworkRules": [RULE],
    },
}


def test_every_field_is_sent_as_it_is() -> None:
    given = {name: value for name, value in FULL.items() if name not in ("permissionModel", "sku")}
    assert creation_properties(FULL, "t", "me") == {
        **given,
        "tenantId": "t",
        "accessPolicies": [],
        "enableRbacAuthorization": True,
        "sku": {"family": "A", "name": "premium"},
    }


@pytest.mark.parametrize("seen", [{}, {"ignoreMissingVnetServiceEndpoint": False}])
def test_a_rule_that_azure_has_without_its_flag_differs(seen: dict[str, Any]) -> None:
    observed = creation_properties(FULL, "t", "me")
    rules = {**FULL["networkAcls"], "virtualNetworkRules": [{"id": SUBNET.lower(), **seen}]}
    assert differences(FULL, {**observed, "networkAcls": rules}) == ("spec.networkAcls",)
