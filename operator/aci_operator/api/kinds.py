"""The kinds of this API: one row each, the only place that lists them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """How the API server serves one kind."""

    kind: str
    plural: str
    short_name: str
    namespaced: bool = True
    """False: the API server serves it for the whole cluster, and its keys' namespace is ""."""


AZURE_ACCOUNT = Kind("AzureAccount", "azureaccounts", "aciacct")
CLUSTER_AZURE_ACCOUNT = Kind(
    "ClusterAzureAccount", "clusterazureaccounts", "acicacct", namespaced=False
)
RESOURCE_GROUP = Kind("ResourceGroup", "resourcegroups", "acirg")
USER_ASSIGNED_IDENTITY = Kind("UserAssignedIdentity", "userassignedidentities", "aciid")
KEY_VAULT = Kind("KeyVault", "keyvaults", "acikv")
KEY_VAULT_SECRET = Kind("KeyVaultSecret", "keyvaultsecrets", "acikvs")
KEY_VAULT_ACCESS = Kind("KeyVaultAccess", "keyvaultaccesses", "acikva")
ROLE_ASSIGNMENT = Kind("RoleAssignment", "roleassignments", "acira")
CONTAINER_GROUP = Kind("ContainerGroup", "containergroups", "acig")

KINDS: dict[str, Kind] = {
    kind.kind: kind
    for kind in (
        AZURE_ACCOUNT,
        CLUSTER_AZURE_ACCOUNT,
        RESOURCE_GROUP,
        USER_ASSIGNED_IDENTITY,
        KEY_VAULT,
        KEY_VAULT_SECRET,
        KEY_VAULT_ACCESS,
        ROLE_ASSIGNMENT,
        CONTAINER_GROUP,
    )
}

ACCOUNTS = (AZURE_ACCOUNT.kind, CLUSTER_AZURE_ACCOUNT.kind)
"""The kinds that other objects act with; they have no resource in Azure."""
