"""The smallest valid object of each kind, and what a case of bad input is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

UUID = "11111111-2222-3333-4444-555555555555"
GROUP_ID = f"/subscriptions/{UUID}/resourceGroups/rg"
VAULT_ID = f"{GROUP_ID}/providers/Microsoft.KeyVault/vaults/v-1"
IDENTITY_ID = f"{GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
RG = {"name": "rg"}
SECRET = {"secretKeyRef": {"name": "s", "key": "k"}}
CONTAINER = {"name": "c", "image": "i", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}

ACCOUNT = {
    "subscriptionId": UUID,
    "tenantId": UUID,
    "credential": {"servicePrincipal": {"clientId": UUID, "clientSecretFrom": SECRET}},
}

MINIMAL: dict[str, Spec] = {
    "AzureAccount": ACCOUNT,
    "ClusterAzureAccount": ACCOUNT,
    "ResourceGroup": {"location": "eastus"},
    "UserAssignedIdentity": {"resourceGroupRef": RG},
    "KeyVault": {"azureName": "v-1", "resourceGroupRef": RG},
    "KeyVaultSecret": {"keyVaultRef": {"name": "v"}, "valueFrom": SECRET},
    "KeyVaultAccess": {
        "keyVaultRef": {"name": "v"},
        "principal": {"containerGroupRef": {"name": "g"}},
        "permissions": {"secrets": ["get"]},
    },
    "RoleAssignment": {
        "scope": {"resourceGroupRef": RG},
        "roleName": "Reader",
        "principal": {"containerGroupRef": {"name": "g"}},
    },
    "ContainerGroup": {"resourceGroupRef": RG, "osType": "Linux", "containers": [CONTAINER]},
}


@dataclass(frozen=True)
class Case:
    """Two values of one spec: one is accepted, the other refused with these words."""

    name: str
    kind: str
    accepted: Spec
    refused: Spec
    says: str
    object_name: str = "x"

    def body(self, own: Spec) -> dict[str, Any]:
        """Give the whole object; None takes a field of the minimal spec out."""
        merged = {**MINIMAL[self.kind], **own}
        return {
            "apiVersion": "aci-operator.io/v1alpha1",
            "kind": self.kind,
            "metadata": {"name": self.object_name},
            "spec": {name: value for name, value in merged.items() if value is not None},
        }


def identity(type_: str, *entries: Spec) -> Spec:
    return {"identity": {"type": type_, **({"userAssigned": list(entries)} if entries else {})}}


def container(**own: Any) -> Spec:
    return {"containers": [{**CONTAINER, **own}]}


def variable(**own: Any) -> Spec:
    return container(environmentVariables=[{"name": "TOKEN", **own}])


@dataclass(frozen=True)
class Change(Case):
    """A change of an object that exists: `accepted` and `refused` replace `before`."""

    before: Spec | None = None
