"""Grants as the cases write them, and a vault that is there already."""

from __future__ import annotations

from typing import Any

from in_process.cluster import JsonObject
from in_process.scene import Scene, manifest
from integration.azure.bodies import vault_body

VAULTS = "Microsoft.KeyVault/vaults"
NAME = "vault-one"
AFTER = {"start": "AfterAccess", "waitFor": [{"kind": "KeyVaultAccess", "name": "reads"}]}
SYSTEM = {"type": "SystemAssigned"}


async def a_vault(scene: Scene, *, rbac: bool = False, **properties: Any) -> str:
    """Have somebody make a vault; give its ARM ID. What was called so far is forgotten."""
    body = vault_body(scene.stranger, [])
    body["properties"] |= {"enableRbacAuthorization": rbac, **properties}
    await scene.stranger.vaults.create(scene.arm_id(NAME, VAULTS), body)
    scene.mark()
    return scene.arm_id(NAME, VAULTS)


def reads(scene: Scene, name: str = "reads", /, **principal: Any) -> JsonObject:
    """Give a grant to read the vault's secrets."""
    vault = {"id": scene.arm_id(NAME, VAULTS)}
    return manifest(
        "KeyVaultAccess",
        name,
        keyVaultRef=vault,
        principal=principal,
        permissions={"secrets": ["get"]},
    )


def by_group(scene: Scene) -> JsonObject:
    """Give a grant to the group's own identity."""
    return reads(scene, containerGroupRef={"name": "it"})


def images(scene: Scene) -> list[str]:
    """Give the image of the first container of each PUT of a group so far."""
    bodies = [call.body for call in scene.sent() if call.path.split("?")[0].endswith("/it")]
    puts = [body for body in bodies if body and "containers" in body.get("properties", {})]
    return [body["properties"]["containers"][0]["properties"]["image"] for body in puts]
