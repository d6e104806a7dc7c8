"""A namespace full of objects that cannot be carried out, each for a reason of its own."""

from __future__ import annotations

from typing import Any

from integration.foreigner import Foreigner
from integration.manifests import (
    CONTAINER,
    Manifest,
    container_group,
    manifest,
    secret,
    source,
    text,
)
from integration.world import World

RG = {"resourceGroupRef": {"name": "my-rg"}}
VAULT = {"keyVaultRef": {"name": "mykeyvault"}}
RBAC_VAULT = {"keyVaultRef": {"name": "myrbacvault"}}
MY_ID = {"principal": {"userAssignedIdentityRef": {"name": "my-id"}}}
FOREIGN_CONTAINER = {
    "name": "main",
    "properties": {
        "image": "mcr.microsoft.com/azure-cli",
        "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
    },
}


def good() -> list[Manifest]:
    """What is as it should be, and what the bad objects need."""
    return [
        secret("sample", value="Hello Container Instances", binary=b"\xff\xfe"),
        manifest("ResourceGroup", "my-rg", azureName="myResourceGroup", location="eastus"),
        manifest("UserAssignedIdentity", "my-id", **RG),
        manifest(
            "KeyVault", "mykeyvault", azureName="mykeyvault", permissionModel="AccessPolicy", **RG
        ),
        manifest("KeyVault", "myrbacvault", azureName="myrbacvault", permissionModel="RBAC", **RG),
        container_group("steady", restartPolicy="Always"),
    ]


def bad() -> list[Manifest]:
    """What cannot be carried out."""
    return [*foreign(), *missing(), *undecided(), *access()]


def foreign() -> list[Manifest]:
    """Names that others have."""
    return [
        manifest("ResourceGroup", "foreign-group", azureName="foreignGroup", location="eastus"),
        manifest("UserAssignedIdentity", "foreign-id", azureName="foreignId", **RG),
        manifest("KeyVault", "foreign-vault", azureName="foreignvault", **RG),
        container_group("foreign-containers"),
        manifest(
            "KeyVaultSecret",
            "foreign-secret",
            azureName="foreignSecret",
            valueFrom=source("sample"),
            **VAULT,
        ),
        manifest("KeyVault", "gone-vault", azureName="gonevault", **RG),
        manifest("KeyVault", "taken-vault", azureName="takenvault", **RG),
    ]


def missing() -> list[Manifest]:
    """References and Secrets that lead nowhere."""
    reference = {"userAssigned": [{"name": "going-id"}], "type": "UserAssigned"}
    variable = {"name": "TOKEN", "secureValueFrom": source("sample", "no-such-key")}
    return [
        manifest("UserAssignedIdentity", "no-group", resourceGroupRef={"name": "no-such-rg"}),
        container_group("going-identity", identity=reference),
        container_group("no-key", containers=[{**CONTAINER, "environmentVariables": [variable]}]),
        manifest(
            "KeyVaultAccess",
            "no-principal",
            principal={"containerGroupRef": {"name": "no-such-group"}},
            permissions={"secrets": ["get"]},
            **VAULT,
        ),
        manifest("KeyVaultSecret", "no-secret", valueFrom=source("no-such-secret"), **VAULT),
        manifest("KeyVaultSecret", "binary", valueFrom=source("sample", "binary"), **VAULT),
    ]


def undecided() -> list[Manifest]:
    """Policies that contradict themselves, and an account that is not there."""
    elsewhere = {"accountRef": {"kind": "ClusterAzureAccount", "name": "shared"}}
    return [
        manifest(
            "ResourceGroup", "ignore", location="eastus", operator={"ignoreDrift": ["tags", "size"]}
        ),
        container_group("late", operator={"start": "AfterAccess"}),
        manifest("ResourceGroup", "cluster-account", location="eastus", **elsewhere),
    ]


def access() -> list[Manifest]:
    """Grants that the vault would ignore."""
    get = {"permissions": {"secrets": ["get"]}}
    return [
        manifest("KeyVaultAccess", "by-policy", mode="AccessPolicy", **RBAC_VAULT, **MY_ID, **get),
        manifest("KeyVaultAccess", "by-role", mode="RBAC", **VAULT, **MY_ID, **get),
    ]


def bystanders() -> list[Manifest]:
    """Objects that come when all the bad ones are there."""
    return [
        manifest("UserAssignedIdentity", "late-id", **RG),
        container_group(
            "late-group", identity={"type": "UserAssigned", "userAssigned": [{"name": "late-id"}]}
        ),
        manifest("KeyVaultSecret", "late-secret", valueFrom=source("sample"), **VAULT),
        manifest(
            "KeyVaultAccess", "late-access", permissions={"secrets": ["get"]}, **RBAC_VAULT, **MY_ID
        ),
    ]


async def make_foreign_things(world: World) -> None:
    """Let somebody else have what the bad objects ask for."""
    foreigner, group = Foreigner(world), world.group_id
    at: dict[str, Any] = {"location": "eastus"}
    vaults = f"{group}/providers/Microsoft.KeyVault/vaults"
    await foreigner.put(f"{group.rpartition('/')[0]}/foreignGroup", at)
    await foreigner.put(
        f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/foreignId", at
    )
    await foreigner.put(f"{vaults}/foreignvault", foreigner.vault())
    await foreigner.put(f"{vaults}/gonevault", foreigner.vault())
    await foreigner.delete(f"{vaults}/gonevault")
    properties = {"osType": "Linux", "containers": [FOREIGN_CONTAINER]}
    await foreigner.put(
        f"{group}/providers/Microsoft.ContainerInstance/containerGroups/foreign-containers",
        {**at, "properties": properties},
    )
    await foreigner.put(f"{vaults}/mykeyvault/accessPolicies/add", foreigner.policy())
    uri = (await world.get("keyvault/mykeyvault"))["status"]["vaultUri"]
    await foreigner.set_secret(uri, "foreignSecret", "theirs")


async def start_deletion_of_an_identity(world: World) -> None:
    """Leave an identity that is being deleted for as long as somebody's finalizer holds it."""
    going = manifest("UserAssignedIdentity", "going-id", **RG)
    going["metadata"]["finalizers"] = ["example.com/hold"]
    await world.apply(text(going))
    await world.kubectl("delete", "userassignedidentity/going-id", "--wait=false")


async def end_deletion_of_an_identity(world: World) -> None:
    """Let it go."""
    patch = '[{"op": "remove", "path": "/metadata/finalizers"}]'
    await world.kubectl("patch", "userassignedidentity/going-id", "--type=json", "-p", patch)
