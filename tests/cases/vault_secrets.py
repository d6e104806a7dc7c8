"""A vault of ours with secrets fed by a Secret, and what it then holds."""

from __future__ import annotations

from typing import Any

from azure_emulator.vaults.provider import Vaults
from azure_emulator.vaults.secret import Secret
from azure_emulator.vaults.vault import Vault
from in_process.manifests import manifest, source
from in_process.scene import Scene

ATTRIBUTES = {"enabled": False, "exp": 2_000_000_000, "nbf": 1_900_000_000}


def a_secret(name: str = "it", **spec: Any) -> dict[str, Any]:
    whole = {"keyVaultRef": {"name": "vault"}, "valueFrom": source("s", "one"), **spec}
    return manifest("KeyVaultSecret", name, **whole)


async def a_vault(scene: Scene, *secrets: dict[str, Any]) -> None:
    """Have a vault of ours with these secrets in it, fed by a Secret with two keys."""
    scene.secret("s", one="1", two="2")
    group = {"resourceGroupRef": {"id": scene.group_id()}}
    vault = {"azureName": "vault", "permissionModel": "AccessPolicy", **group}
    scene.apply(manifest("KeyVault", "vault", **vault), *secrets)
    await scene.run_for(60)  # the vault's name is registered first
    assert scene.unready() == {}


def azure_vault(scene: Scene) -> Vault:
    (vaults,) = [one for one in scene.azure.cloud.providers if isinstance(one, Vaults)]
    (vault,) = vaults._store.under("")
    return vault


def held(scene: Scene, name: str = "it") -> Secret:
    return azure_vault(scene).secrets.find(name)


def values(scene: Scene, name: str = "it") -> list[str]:
    return [version.value for version in held(scene, name).versions]
