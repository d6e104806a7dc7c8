"""Case 13, PrincipalNotFound right after creation: waited for visibly, and not for ever."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import pytest

from aci_operator.azure import ids
from cases.grants import ACCESS, SECRETS_USER, VAULTS, a_vault, an_access
from in_process.manifests import manifest
from in_process.scene import Scene, open_scene

WORDS = "Principal 81009f34150a40a1a60c20086116e41f does not exist in the directory."
FAULT: dict[str, Any] = {"method": "PUT", "path": "roleAssignments", "status": 400}
FAULT |= {"code": "PrincipalNotFound", "message": WORDS}


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_case_13_five_refusals_and_then_the_grant(order: tuple[int, ...]) -> None:
    faults = [{**FAULT, "times": 5, "after": 1}]  # the first is the operator's own access
    async with open_scene(faults=faults) as scene:
        group = {"resourceGroupRef": {"id": scene.group_id()}}
        three = (
            manifest("UserAssignedIdentity", "who", **group),
            manifest("KeyVault", "myvault", azureName="myvault", **group),
            an_access(
                scene,
                keyVaultRef={"name": "myvault"},
                principal={"userAssignedIdentityRef": {"name": "who"}},
            ),
        )
        scene.apply(*(three[place] for place in order))
        await scene.settle(soon=40)
        assert scene.conditions(ACCESS, "it")["AccessGranted"] == ("True", "Granted")
        puts = the_grant_s_puts(scene)
        assert len(scene.writes()) == len(puts) + 3  # identity, vault, the operator's access
        assert [round(later - sooner) for sooner, later in pairwise(puts)] == [2, 4, 8, 16, 30]


def the_grant_s_puts(scene: Scene) -> list[float]:
    """Give when the grant's assignment was sent; its name and body are always the same."""
    principal = scene.status("UserAssignedIdentity", "who")["principalId"]
    name = ids.role_assignment_name(scene.arm_id("myvault", VAULTS), principal, SECRETS_USER)
    calls = [call for call in scene.sent() if call.method == "PUT" and name in call.path]
    types = {call.body["properties"]["principalType"] for call in calls}
    assert types == {"ServicePrincipal"}
    return [call.time for call in calls]


async def test_case_13_the_wait_is_visible_and_writes_status_once() -> None:
    async with open_scene(faults=[{**FAULT, "times": 4}]) as scene:
        await begin(scene)
        await scene.run_for(1)
        assert scene.conditions(ACCESS, "it")["Ready"] == ("False", "WaitingForPrincipal")
        before = len(scene.cluster.writes)
        await scene.run_for(20)
        assert (len(scene.cluster.writes), len(scene.writes())) == (before, 4)


async def test_case_13_after_ten_minutes_somebody_is_asked_to_act() -> None:
    async with open_scene(faults=[{**FAULT, "times": 100}]) as scene:
        await begin(scene)
        await scene.run_for(590)
        assert scene.conditions(ACCESS, "it")["Ready"] == ("False", "WaitingForPrincipal")
        await scene.run_for(60)
        assert scene.conditions(ACCESS, "it")["Stalled"] == ("True", "PrincipalNotFound")
        scene.azure.faults.clear()
        await scene.run_for(300)
        assert scene.conditions(ACCESS, "it")["Ready"] == ("True", "Granted")


async def begin(scene: Scene) -> None:
    await scene.identity("who")
    await a_vault(scene, rbac=True)
    scene.apply(an_access(scene))
