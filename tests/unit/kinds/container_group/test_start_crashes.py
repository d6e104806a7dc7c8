"""A group that starts after its access, and an operator that ends at any step of that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from aci_operator.api.objects import Key
from group_stage import Ended, Stage, a_group, a_stage
from pass_builders import an_object

GRANT = Key("KeyVaultAccess", "here", "reads")
WAIT = {"start": "AfterAccess", "waitFor": [{"kind": "KeyVaultAccess", "name": "reads"}]}
VAULT = "/providers/Microsoft.KeyVault/vaults/vault-one"
STEPS = 28
"""More than the story has: the last ones end nothing."""


async def begun(stage: Stage) -> None:
    """Have the group and its grant in the cluster, and the vault in Azure."""
    spec = {
        "keyVaultRef": {"id": await stage.make_vault("vault-one")},
        "principal": {"containerGroupRef": {"name": "it"}},
        "permissions": {"secrets": ["get"]},
    }
    stage.add(an_object("KeyVaultAccess", "reads", spec=spec, finalizers=()))
    stage.add(
        a_group(
            stage.settings.subscription_id,
            identity={"type": "SystemAssigned"},
            restartPolicy="Never",
            operator=WAIT,
        )
    )


async def survive(stage: Stage, step: Callable[[], Awaitable[object]]) -> None:
    """Do it; where that ends the operator, let another one do it."""
    try:
        await step()
    except Ended:
        await stage.restart()
        await step()


async def story(stage: Stage) -> None:
    """Look at both until the access has effect and the group runs."""
    for wait in (0, 2, 2, 61, 2, 2):
        stage.azure.clock.advance(wait)
        await survive(stage, lambda: stage.look("it"))
        await survive(stage, lambda: stage.look(GRANT))
    await survive(stage, lambda: stage.settle("it"))


def puts(stage: Stage) -> list[str]:
    """Give the image of each PUT of the group."""
    bodies = [call.body for call in stage.azure.calls.writes() if call.method == "PUT"]
    groups = [body["properties"] for body in bodies if "containers" in body["properties"]]
    return [group["containers"][0]["properties"]["image"] for group in groups]


FEW = [pytest.param(at, marks=() if at % 6 == 0 else pytest.mark.soak) for at in range(1, STEPS)]


@pytest.mark.parametrize("at", FEW)
async def test_an_operator_that_ends_anywhere_leaves_two_puts_and_one_grant(at: int) -> None:
    async with a_stage() as stage:
        await begun(stage)
        stage.blade.at = at
        await story(stage)
        principal = stage.status()["identity"]["principalId"]
        granted = await stage.granted(stage.arm_id().split("/providers/")[0] + VAULT)
        assert (puts(stage), stage.said(), granted) == (
            ["mcr.microsoft.com/azure-cli", "alpine:3"],
            ("True", "Running"),
            {principal: ["get"]},
        )
