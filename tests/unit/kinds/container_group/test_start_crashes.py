"""A group that starts after its access, and an operator that ends at any step of that."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from in_process.scene import Ended, Scene, a_group, manifest, open_scene
from in_process.stage import VAULTS

WAIT = {"start": "AfterAccess", "waitFor": [{"kind": "KeyVaultAccess", "name": "reads"}]}
STEPS = 34
"""More than the story has: the last ones end nothing."""


async def begun(scene: Scene) -> None:
    """Have the group and its grant in the cluster, and the vault in Azure."""
    spec: dict[str, Any] = {
        "keyVaultRef": {"id": await scene.vault("vault-one")},
        "principal": {"containerGroupRef": {"name": "it"}},
        "permissions": {"secrets": ["get"]},
    }
    scene.apply(manifest("KeyVaultAccess", "reads", **spec))
    scene.apply(a_group(identity={"type": "SystemAssigned"}, restartPolicy="Never", operator=WAIT))


async def story(scene: Scene) -> None:
    """Let the access have effect and the group run; where the operator ends, another goes on."""
    with suppress(Ended):
        await scene.run_for(200)
        return
    await scene.restart_operator()
    await scene.run_for(200)


def puts(scene: Scene) -> list[str]:
    """Give the image of each PUT of the group."""
    groups = [body["properties"] for body in scene.bodies() if "containers" in body["properties"]]
    return [group["containers"][0]["properties"]["image"] for group in groups]


FEW = [pytest.param(at, marks=() if at % 6 == 0 else pytest.mark.soak) for at in range(1, STEPS)]


@pytest.mark.parametrize("at", FEW)
async def test_an_operator_that_ends_anywhere_leaves_two_puts_and_one_grant(at: int) -> None:
    async with open_scene() as scene:
        await begun(scene)
        scene.end_after(at)
        await story(scene)
        principal = scene.status()["identity"]["principalId"]
        granted = await scene.granted(scene.arm_id("vault-one", VAULTS))
        assert (puts(scene), scene.said(), granted) == (
            ["mcr.microsoft.com/azure-cli", "alpine:3"],
            ("True", "Running"),
            {principal: ["get"]},
        )
