from __future__ import annotations

from typing import Any

from aci_operator.api.objects import Key, Object
from aci_operator.commands.scopes import scopes_of, vaults_of

SUB = "/subscriptions/00000000-0000-0000-0000-000000000001"
VAULT = f"{SUB}/resourceGroups/vaults/providers/Microsoft.KeyVault/vaults/v"


def object_(kind: str, name: str, spec: dict[str, Any], **status: Any) -> Object:
    namespace = "" if kind.startswith("Cluster") else "team"
    return Object(Key(kind, namespace, name), "uid", "1", 1, spec, status)


ACCOUNT = object_("AzureAccount", "azure", {"subscriptionId": SUB.rpartition("/")[2]})


def test_an_account_acts_in_the_groups_that_its_objects_name() -> None:
    objects = [
        object_("ResourceGroup", "new", {}),
        object_("ResourceGroup", "made", {"azureName": "A"}, id=f"{SUB}/resourceGroups/A"),
        object_("KeyVault", "v", {"resourceGroupRef": {"id": f"{SUB}/resourcegroups/a"}}),
        object_("KeyVaultAccess", "a", {}, vaultId=VAULT),
        object_("KeyVault", "bad", {"resourceGroupRef": {"id": "no id"}}),
    ]
    assert scopes_of(ACCOUNT, objects) == [
        f"{SUB}/resourceGroups/new",
        f"{SUB}/resourcegroups/a",
        f"{SUB}/resourceGroups/vaults",
    ]


def test_objects_of_another_account_do_not_count() -> None:
    other = {"accountRef": {"kind": "AzureAccount", "name": "other"}}
    lent = {"kind": "ClusterAzureAccount", "name": "azure"}
    objects = [
        object_("ResourceGroup", "a", other),
        object_("ResourceGroup", "b", {}, accountRef=lent),
    ]
    assert scopes_of(ACCOUNT, objects) == []


def test_a_lent_account_acts_in_its_scopes() -> None:
    account = object_("ClusterAzureAccount", "lent", {"allowedScopes": [VAULT, VAULT.upper()]})
    assert scopes_of(account, [object_("ResourceGroup", "a", {})]) == [VAULT.upper()]


def test_a_vaults_address_is_named_once() -> None:
    uri = "https://v.vault.azure.net"
    objects = [
        object_("KeyVault", "v", {}, vaultUri=f"{uri}/"),
        object_("KeyVaultSecret", "s", {}, vaultUri=uri),
        object_("KeyVault", "new", {}),
    ]
    assert vaults_of(ACCOUNT, objects) == [uri]
