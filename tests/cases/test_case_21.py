"""Case 21, a key of the customer's own, used with an identity of the group."""

from __future__ import annotations

from typing import Any

import pytest

from cases.grants import VAULTS
from in_process.scene import Scene, a_group, manifest, open_scene

KEY = {"vaultBaseUrl": "https://Kv1.vault.azure.net", "keyName": "key", "keyVersion": "1"}


def encrypted(arm_id: str, *assigned: str, **key: str) -> dict[str, Any]:
    """Give a group encrypted with a key that one identity uses, and others are assigned."""
    users = {"type": "UserAssigned", "userAssigned": [{"id": each} for each in assigned]}
    encryption = {**KEY, **key, "identityRef": {"id": arm_id}}
    return a_group(encryptionProperties=encryption, identity=users)


def a_vault(scene: Scene) -> dict[str, Any]:
    group = {"resourceGroupRef": {"id": scene.group_id("rg1")}}
    return manifest("KeyVault", "vault", azureName="myvault", permissionModel="RBAC", **group)


async def a_settled(scene: Scene) -> str:
    arm_id = await scene.identity("id1")
    scene.apply(encrypted(arm_id, arm_id))
    await scene.settle()
    return arm_id


async def test_case_21_the_body_names_the_key_and_who_uses_it() -> None:
    async with open_scene() as scene:
        arm_id = await a_settled(scene)
        (body,) = scene.bodies()
        assert body["properties"]["encryptionProperties"] == {**KEY, "identity": arm_id}


async def test_case_21_an_identity_that_is_not_assigned_is_refused() -> None:
    async with open_scene() as scene:
        used, other = await scene.identity("used"), await scene.identity("other")
        scene.apply(encrypted(used, other))
        await scene.settle()
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Stalled"] == (
            "True",
            "EncryptionIdentityNotAssigned",
        )


@pytest.mark.parametrize("url", ["https://kv1.vault.azure.net/", "https://KV1.VAULT.azure.net"])
async def test_case_21_slash_and_case_of_the_url_are_no_drift(url: str) -> None:
    async with open_scene() as scene:
        arm_id = await a_settled(scene)
        scene.drift("it", encryptionProperties={**KEY, "vaultBaseUrl": url, "identity": arm_id})
        scene.mark()
        await scene.run_for(1300)
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Synced"] == ("True", "InSync")


async def test_case_21_a_vault_by_id_gives_its_address() -> None:
    async with open_scene() as scene:
        arm_id, vault = await scene.identity("id1"), scene.arm_id("KV1", VAULTS)
        group = encrypted(arm_id, arm_id)
        del group["spec"]["encryptionProperties"]["vaultBaseUrl"]
        group["spec"]["encryptionProperties"]["keyVaultRef"] = {"id": vault}
        scene.apply(group)
        await scene.settle()
        (body,) = scene.bodies()
        address = "https://kv1.vault.azure.net"
        sent = {**KEY, "vaultBaseUrl": address, "identity": arm_id}
        assert body["properties"]["encryptionProperties"] == sent


async def test_case_21_a_group_waits_for_a_vault_by_name_and_takes_its_address() -> None:
    async with open_scene() as scene:
        arm_id = await scene.identity("id1")
        group = encrypted(arm_id, arm_id)
        del group["spec"]["encryptionProperties"]["vaultBaseUrl"]
        group["spec"]["encryptionProperties"]["keyVaultRef"] = {"name": "vault"}
        scene.apply(group)
        await scene.settle()
        before = (scene.writes(), scene.conditions("ContainerGroup", "it")["Ready"])
        scene.apply(a_vault(scene))
        await scene.settle()
        address = scene.status("KeyVault", "vault")["vaultUri"]
        sent = {**KEY, "vaultBaseUrl": address, "identity": arm_id}
        assert before == ([], ("False", "WaitingForReference"))
        assert scene.bodies()[-1]["properties"]["encryptionProperties"] == sent


async def test_case_21_another_version_of_the_key_needs_a_replacement() -> None:
    async with open_scene() as scene:
        arm_id = await a_settled(scene)
        scene.mark()
        scene.apply(encrypted(arm_id, arm_id, keyVersion="2"))
        await scene.settle()
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("False", "RequiresReplacement")
        told = scene.message("ContainerGroup", "it")
        assert "spec.encryptionProperties.keyVersion: 1 → 2" in told
