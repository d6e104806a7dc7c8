"""A vault's secrets: several of one Secret, dates, rotation, and one that was deleted before."""

from __future__ import annotations

from typing import Any

from azure_emulator.vaults.provider import Vaults
from azure_emulator.vaults.secret import Secret
from azure_emulator.vaults.vault import Vault
from in_process.manifests import manifest, source
from in_process.scene import Scene, open_scene

ATTRIBUTES = {"enabled": False, "exp": 2_000_000_000, "nbf": 1_900_000_000}


def a_secret(name: str = "it", **spec: Any) -> dict[str, Any]:
    whole = {"keyVaultRef": {"name": "vault"}, "valueFrom": source("s", "one"), **spec}
    return manifest("KeyVaultSecret", name, **whole)


async def a_vault(scene: Scene, *secrets: dict[str, Any]) -> None:
    """Have a vault of ours with these secrets, fed by a Secret with two keys."""
    scene.secret("s", one="1", two="2")
    group = {"resourceGroupRef": {"id": scene.group_id()}}
    vault = {"azureName": "vault", "permissionModel": "AccessPolicy", **group}
    scene.apply(manifest("KeyVault", "vault", **vault), *secrets)
    await scene.settle()


def azure_vault(scene: Scene) -> Vault:
    (vaults,) = [one for one in scene.azure.cloud.providers if isinstance(one, Vaults)]
    (vault,) = vaults._store.under("")
    return vault


def held(scene: Scene, name: str = "it") -> Secret:
    return azure_vault(scene).secrets.find(name)


def values(scene: Scene, name: str = "it") -> list[str]:
    return [version.value for version in held(scene, name).versions]


async def test_two_objects_take_different_keys_of_one_secret_and_a_change_writes_one() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret("one"), a_secret("two", valueFrom=source("s", "two")))
        scene.secret("s", one="1", two="new")
        await scene.run_for(1300)
        assert (values(scene, "one"), values(scene, "two")) == (["1"], ["2", "new"])


async def test_attributes_reach_the_version_and_are_no_drift() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(attributes=ATTRIBUTES, contentType="text"))
        await scene.run_for(1300)
        (only,) = held(scene).versions
        assert (only.enabled, only.expires, only.not_before, only.content_type) == (
            False,
            2_000_000_000,
            1_900_000_000,
            "text",
        )


async def test_an_attribute_that_leaves_the_spec_goes_back_to_the_default() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(attributes=ATTRIBUTES))
        scene.apply(a_secret())
        await scene.run_for(1300)
        _, last = held(scene).versions
        assert (last.enabled, last.expires, last.not_before) == (True, None, None)


async def test_an_attribute_that_the_spec_does_not_give_is_left_alone() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        held(scene).current.expires = 2_100_000_000
        await scene.run_for(1300)
        assert [each.expires for each in held(scene).versions] == [2_100_000_000]


async def test_a_secret_that_we_deleted_comes_back_without_a_new_version() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        scene.delete("KeyVaultSecret", "it")
        await scene.settle()
        scene.apply(a_secret())
        await scene.settle()
        said = scene.conditions("KeyVaultSecret", "it")["Ready"]
        assert (values(scene), said) == (["1"], ("True", "Available"))


async def test_a_deleted_secret_of_others_stays_deleted() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        held(scene).current.tags = {"aci-operator-owner": "other/there/it"}
        vault = azure_vault(scene)
        vault.secrets.delete("it", vault.recovery, scene.clock.now().timestamp())
        await scene.run_for(700)
        assert scene.conditions("KeyVaultSecret", "it")["Stalled"] == ("True", "SecretSoftDeleted")
