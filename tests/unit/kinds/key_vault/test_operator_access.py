"""The operator's own access to a vault lasts: over a change of the model, and over a new vault."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from in_process.scene import Scene, manifest, open_scene
from in_process.stage import VAULTS

NAME = "vault-one"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


async def made(scene: Scene, model: str) -> None:
    """Have the operator make a vault."""
    group = {"id": scene.group_id()}
    spec = {"azureName": NAME, "permissionModel": model, "sku": {"name": "standard"}}
    scene.apply(manifest("KeyVault", "it", resourceGroupRef=group, **spec))
    await scene.settle()
    scene.mark()


async def switch(scene: Scene, model: str) -> None:
    scene.edit("KeyVault", "it", permissionModel=model)
    await scene.settle()


@pytest.mark.parametrize(("one", "other"), [("RBAC", "AccessPolicy"), ("AccessPolicy", "RBAC")])
async def test_access_under_the_new_model_is_given_before_the_vault_switches(
    scene: Scene, one: str, other: str
) -> None:
    await made(scene, one)
    await switch(scene, other)
    gave, changed, *_ = scene.take_writes()
    assert (gave.startswith("PUT "), changed) == (True, "PATCH vault-one")


async def test_an_account_that_may_give_itself_no_access_does_not_switch_the_vault(
    scene: Scene,
) -> None:
    await made(scene, "AccessPolicy")
    scene.leave_operator("Contributor", scene.group_id())
    await switch(scene, "RBAC")
    written = [call for call in scene.take_writes() if not call.startswith("PUT ")]
    assert (scene.said("Stalled", "KeyVault"), written) == (("True", "Forbidden"), [])


async def test_a_vault_that_is_made_again_gets_the_operators_role_again(scene: Scene) -> None:
    await made(scene, "RBAC")
    vaults = scene.stranger.vaults
    await vaults.delete(scene.arm_id(NAME, VAULTS))
    await vaults.purge(scene.stranger.subscription_id, "eastus", NAME)
    await scene.run_for(700)
    await scene.settle()
    first, second = scene.take_writes()
    assert (first, second.startswith("PUT ")) == ("PUT vault-one", True)
