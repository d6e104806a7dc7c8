"""Changes that the API server refuses, each with a twin that it accepts."""

from __future__ import annotations

from integration.crd_objects import UUID, VAULT_ID, Change

ACCOUNT = {"accountRef": {"kind": "AzureAccount", "name": "a"}}
OTHER = {"accountRef": {"kind": "AzureAccount", "name": "b"}}

CHANGES = [
    Change(
        "location",
        "ResourceGroup",
        {"tags": {"a": "b"}},
        {"location": "westus"},
        "spec.location: Forbidden: location is fixed, because Azure cannot move a "
        "resource group to another region; delete this object and create another one",
    ),
    Change(
        "manager",
        "ResourceGroup",
        {"managedBy": VAULT_ID, "tags": {"a": "b"}},
        {"managedBy": "other"},
        "spec.managedBy: Forbidden: managedBy is fixed, because Azure takes it only when the "
        "group is made; put the old value back, or delete this object and create another one",
        before={"managedBy": VAULT_ID},
    ),
    Change(
        "manager-given-later",
        "ResourceGroup",
        {"tags": {"a": "b"}},
        {"managedBy": VAULT_ID},
        "spec.managedBy: Forbidden: managedBy cannot be given later or taken away, because Azure "
        "takes it only when the group is made; undo that, or delete this object and create "
        "another one",
    ),
    Change(
        "location-taken-away",
        "KeyVault",
        {"location": "eastus"},
        {},
        "spec.location: Forbidden: location cannot be removed once given; put it back, or"
        " delete this object and create another one",
        before={"location": "eastus"},
    ),
    Change(
        "resource-group",
        "ContainerGroup",
        {"osType": "Windows"},
        {"resourceGroupRef": {"name": "b"}},
        "spec.resourceGroupRef: Forbidden: resourceGroupRef is fixed, because an Azure "
        "resource keeps its resource group; delete this object and create another one",
    ),
    Change(
        "vault-name",
        "KeyVault",
        {"permissionModel": "AccessPolicy"},
        {"azureName": "v-2"},
        "spec.azureName: Forbidden: azureName is fixed, because Azure cannot rename a "
        "vault; delete this object and create another one",
    ),
    Change(
        "azure-name-given-later",
        "UserAssignedIdentity",
        {"azureName": "the-name"},
        {"azureName": "other"},
        "spec.azureName: Forbidden: spec.azureName is fixed, because Azure cannot rename "
        "a resource; it is the-name: put that back, or delete this object and create "
        "another one",
        object_name="the-name",
    ),
    Change(
        "azure-name-taken-away",
        "ContainerGroup",
        {"azureName": "old"},
        {},
        "spec.azureName: Forbidden: spec.azureName is fixed, because Azure cannot rename "
        "a resource; it is old: put that back, or delete this object and create another "
        "one",
        before={"azureName": "old"},
    ),
    Change(
        "account",
        "KeyVault",
        ACCOUNT,
        OTHER,
        "spec.accountRef: Forbidden: accountRef is fixed, because an Azure resource "
        "cannot change its subscription; delete this object and create another one",
        before=ACCOUNT,
    ),
    Change(
        "account-taken-away",
        "ContainerGroup",
        ACCOUNT,
        {},
        "spec.accountRef: Forbidden: accountRef cannot be removed, because the Azure "
        "resource stays in its subscription; put it back, or delete this object and "
        "create another one",
        before=ACCOUNT,
    ),
    Change(
        "account-named-later",
        "KeyVaultAccess",
        ACCOUNT,
        {"accountRef": {"kind": "AzureAccount"}},
        "spec.accountRef.name: Required value",
    ),
    Change(
        "vault-of-a-secret",
        "KeyVaultSecret",
        {"contentType": "a"},
        {"keyVaultRef": {"name": "w"}},
        "spec.keyVaultRef: Forbidden: keyVaultRef is fixed, because a secret cannot move "
        "to another vault; delete this object and create another one",
    ),
    Change(
        "vault-of-an-access",
        "KeyVaultAccess",
        {"principal": {"userAssignedIdentityRef": {"name": "a"}}},
        {"keyVaultRef": {"id": VAULT_ID}},
        "spec.keyVaultRef: Forbidden: keyVaultRef is fixed, because the grant stands on "
        "that vault; delete this object and create another one",
    ),
    Change(
        "tenant",
        "AzureAccount",
        {"endpoints": {"resourceManager": "https://a", "activeDirectory": "https://b"}},
        {"tenantId": UUID.replace("1", "2")},
        "spec.tenantId: Forbidden: tenantId is fixed, because objects of this account "
        "stand in that tenant; create another AzureAccount for another tenant",
    ),
    Change(
        "subscription",
        "AzureAccount",
        {},
        {"subscriptionId": UUID.replace("1", "2")},
        "spec.subscriptionId: Forbidden: subscriptionId is fixed, because objects of this"
        " account stand in that subscription; create another AzureAccount for another "
        "subscription",
    ),
    Change(
        "soft-delete-days",
        "KeyVault",
        {"softDeleteRetentionInDays": 90},
        {"softDeleteRetentionInDays": 7},
        "spec.softDeleteRetentionInDays: Forbidden: softDeleteRetentionInDays is fixed, "
        "because Azure takes it only when the vault is created (90 when left out); put "
        "the old value back",
    ),
    Change(
        "purge-protection-off",
        "KeyVault",
        {"enablePurgeProtection": True},
        {},
        "spec.enablePurgeProtection: Forbidden: enablePurgeProtection cannot be switched "
        "off, because Azure keeps it for the vault's life; put true back",
        before={"enablePurgeProtection": True},
    ),
    Change(
        "location-of-a-group",
        "ContainerGroup",
        {"location": "eastus", "restartPolicy": "Never"},
        {"location": "westus"},
        "spec.location: Forbidden: location is fixed, because Azure cannot move the "
        "resource to another region; delete this object and create another one",
        before={"location": "eastus"},
    ),
]
