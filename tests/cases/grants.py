"""Vaults, identities and grants for the tests of the cases, and what Azure then holds."""

from __future__ import annotations

from typing import Any

from in_process.cluster import JsonObject
from in_process.manifests import manifest
from in_process.scene import Scene

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
VAULTS = "Microsoft.KeyVault/vaults"
ACCESS = "KeyVaultAccess"
OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


async def a_vault(scene: Scene, *, rbac: bool, name: str = "myvault") -> str:
    """Have somebody make a vault in `rg1`; give its ARM ID."""
    arm_id = scene.arm_id(name, VAULTS)
    properties = {
        "tenantId": scene.azure.settings.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [],
        "enableRbacAuthorization": rbac,
    }
    await scene.stranger.vaults.create(arm_id, {"location": "eastus", "properties": properties})
    return arm_id


def by_id(scene: Scene, identity: str) -> JsonObject:
    """Name a principal by the ARM ID of an identity in `rg1`."""
    return {"userAssignedIdentityRef": {"id": scene.arm_id(identity, IDENTITIES)}}


def an_access(scene: Scene, name: str = "it", who: str = "who", **spec: Any) -> JsonObject:
    """Give a KeyVaultAccess to secrets of the vault `myvault` for an identity in `rg1`."""
    whole = {
        "keyVaultRef": {"id": scene.arm_id("myvault", VAULTS)},
        "principal": by_id(scene, who),
        "permissions": {"secrets": ["get"]},
    }
    return manifest(ACCESS, name, **{**whole, **spec})


def principal_of(scene: Scene, name: str = "who") -> str:
    """Give the principal ID of an identity in `rg1`."""
    found = scene.azure.state()["userAssignedIdentities"]
    (body,) = (body for id_, body in found.items() if id_.endswith(f"/{name}"))
    return str(body["properties"]["principalId"])


def policies(scene: Scene, name: str = "myvault") -> dict[str, dict[str, list[str]]]:
    """Give principal -> its permissions in a vault's access policies, sorted."""
    (body,) = (b for i, b in scene.azure.state()["vaults"].items() if i.endswith(f"/{name}"))
    entries = body["properties"]["accessPolicies"]
    return {
        each["objectId"]: {k: sorted(w) for k, w in each["permissions"].items() if w}
        for each in entries
    }


def roles(scene: Scene, name: str = "myvault") -> list[tuple[str, str]]:
    """Give principal and role of each assignment on a vault."""
    listed = scene.azure.state()["roleAssignments"].items()
    return sorted(
        (each["properties"]["principalId"], each["properties"]["roleDefinitionId"][-36:])
        for id_, each in listed
        if f"/vaults/{name}/" in id_
    )


async def give_by_hand(scene: Scene, principal_id: str, **permissions: list[str]) -> None:
    """Have somebody add permissions to a principal's entry in the vault `myvault`."""
    entry = {"tenantId": scene.azure.settings.tenant_id, "objectId": principal_id}
    adding = [{**entry, "permissions": permissions}]
    await scene.stranger.vaults.add_policies(scene.arm_id("myvault", VAULTS), adding)
