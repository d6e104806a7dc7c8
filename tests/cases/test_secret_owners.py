"""Whose a vault's secret is: tags of others, names that are taken, and what was deleted before."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.vaults.secrets import Given
from cases.vault_secrets import a_secret, a_vault, azure_vault, held, values
from in_process.manifests import source
from in_process.scene import Scene, open_scene


async def test_a_secret_that_we_deleted_comes_back_without_a_new_version() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        scene.delete("KeyVaultSecret", "it")
        await scene.settle()
        scene.apply(a_secret())
        await scene.settle()
        said = scene.conditions("KeyVaultSecret", "it")["Ready"]
        assert (values(scene), said) == (["1"], ("True", "Available"))


async def delete_by_hand(scene: Scene, tags: dict[str, str] | None) -> None:
    """Have somebody delete the secret, whose tags are then these."""
    held(scene).current.tags = tags
    vault = azure_vault(scene)
    vault.secrets.delete("it", vault.recovery, scene.clock.now().timestamp())
    await scene.run_for(700)


async def test_a_secret_that_was_deleted_outside_comes_back_without_a_new_version() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        await delete_by_hand(scene, held(scene).current.tags)
        assert (values(scene), scene.unready()) == (["1"], {})


@pytest.mark.parametrize(
    ("policy", "ready"),
    [("Refuse", ("False", "SecretSoftDeleted")), ("Adopt", ("True", "Available"))],
)
async def test_a_deleted_secret_of_nobody_comes_back_only_to_who_adopts(
    policy: str, ready: tuple[str, str]
) -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(operator={"adoptionPolicy": policy}))
        await delete_by_hand(scene, None)
        assert scene.conditions("KeyVaultSecret", "it")["Ready"] == ready


async def test_a_deleted_secret_whose_source_has_changed_comes_back_with_one_version() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        scene.delete("KeyVaultSecret", "it")
        await scene.settle()
        scene.secret("s", one="new", two="2")
        scene.apply(a_secret())
        await scene.settle()
        assert values(scene) == ["1", "new"]


async def test_of_two_objects_with_one_name_the_second_is_refused_and_writes_nothing() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        scene.apply(a_secret("other", azureName="IT", valueFrom=source("s", "two")))
        await scene.run_for(1300)
        said = scene.conditions("KeyVaultSecret", "other")["Ready"]
        assert (values(scene), said) == (["1"], ("False", "AlreadyClaimed"))


@pytest.mark.parametrize("tags", [{"aci-operator-owner": "other/there/it"}, None])
async def test_a_secret_without_our_tag_is_neither_written_nor_deleted(tags: Any) -> None:
    async with open_scene() as scene:
        await a_vault(scene)
        given = Given(value="theirs", tags=tags)
        azure_vault(scene).secrets.set("it", given, scene.clock.now().timestamp())
        scene.apply(a_secret())
        await scene.run_for(300)
        said = scene.conditions("KeyVaultSecret", "it")["Ready"]
        scene.delete("KeyVaultSecret", "it")
        await scene.settle()
        left = scene.object("KeyVaultSecret", "it")
        assert (values(scene), said, left) == (["theirs"], ("False", "AlreadyExists"), None)


async def test_a_secret_that_others_have_taken_over_stays_when_the_object_goes() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        held(scene).current.tags = {"aci-operator-owner": "other/there/it"}
        scene.delete("KeyVaultSecret", "it")
        await scene.settle()
        assert (values(scene), scene.object("KeyVaultSecret", "it")) == (["1"], None)


async def test_a_deleted_secret_of_others_stays_deleted() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        await delete_by_hand(scene, {"aci-operator-owner": "other/there/it"})
        assert scene.conditions("KeyVaultSecret", "it")["Stalled"] == ("True", "SecretSoftDeleted")
