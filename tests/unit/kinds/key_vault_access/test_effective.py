"""When a grant is held to have effect, whatever happens to the operator meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest

from aci_operator.api import conditions
from aci_operator.kinds.key_vault_access.firewall import may_block
from in_process.scene import Ended, Scene, manifest, open_scene

KIND = "KeyVaultAccess"
SOMEBODY = "11111111-2222-4333-8444-555555555555"
POLICY, ROLE = ("AccessPolicy", 60.0), ("RBAC", 600.0)
MODELS = pytest.mark.parametrize(("mode", "settle"), [POLICY, ROLE])


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


async def grant(scene: Scene, mode: str, **properties: Any) -> None:
    """Have an object that grants reading on such a vault, and look at it once."""
    spec: dict[str, Any] = {
        "keyVaultRef": {"id": await scene.vault("vault1", rbac=mode == "RBAC", **properties)},
        "principal": {"principalId": SOMEBODY, "principalType": "ServicePrincipal"},
        "permissions": {"secrets": ["get"]},
    }
    scene.apply(manifest(KIND, "reads", **spec))
    await scene.run_for(0)


def told(scene: Scene) -> tuple[str, str, str]:
    """Give AccessGranted's status, and AccessEffective's with its reason."""
    granted, _ = scene.said("AccessGranted", KIND, "reads")
    return granted, *scene.said("AccessEffective", KIND, "reads")


@MODELS
async def test_a_grant_is_shown_at_once_and_held_effective_after_its_time(
    scene: Scene, mode: str, settle: float
) -> None:
    await grant(scene, mode)
    seen = [told(scene)]
    for step in (settle - 10, 11):
        await scene.run_for(step)
        seen.append(told(scene))
    waiting = ("True", "Unknown", "Propagating")
    assert seen == [waiting, waiting, ("True", "True", "Settled")]


@MODELS
async def test_waiting_costs_no_write_to_azure_and_none_to_the_object(
    scene: Scene, mode: str, settle: float
) -> None:
    await grant(scene, mode)
    scene.take_writes()
    before = list(scene.cluster.writes)
    for _ in range(5):
        await scene.run_for(settle / 6)
    assert (scene.take_writes(), scene.cluster.writes) == ([], before)


@MODELS
async def test_the_next_look_is_due_when_the_time_is_over(
    scene: Scene, mode: str, settle: float
) -> None:
    await grant(scene, mode)
    begun = scene.clock.monotonic()
    await scene.run_for(settle + 60)
    since = conditions.find(scene.status(KIND, "reads"), "AccessEffective")["lastTransitionTime"]
    at = datetime.fromisoformat(since).timestamp()
    assert settle - 1 <= at - begun <= settle + 1


@MODELS
async def test_an_operator_that_starts_anew_counts_from_the_same_time(
    scene: Scene, mode: str, settle: float
) -> None:
    await grant(scene, mode)
    await scene.run_for(settle - 10)
    await scene.restart_operator()
    await scene.run_for(0)
    waiting = told(scene)
    await scene.run_for(11)
    assert (waiting[1:], told(scene)[1:]) == (("Unknown", "Propagating"), ("True", "Settled"))


@MODELS
@pytest.mark.parametrize("ends_at", [0, 1, 2, 3, 4, 5, 6])
async def test_a_grant_that_was_taken_away_and_is_given_again_counts_anew(
    scene: Scene, mode: str, settle: float, ends_at: int
) -> None:
    await grant(scene, mode)
    await scene.run_for(settle + 1)
    await _take_away(scene)
    if ends_at:
        scene.end_after(ends_at)
    scene.annotate(KIND, "reads", reconcile_requested_at="now")
    with suppress(Ended):
        await scene.run_for(0)
    await scene.restart_operator()
    assert told(scene) == ("True", "Unknown", "Propagating")


async def _take_away(scene: Scene) -> None:
    """Have somebody remove the grant in Azure."""
    status, session = scene.status(KIND, "reads"), scene.stranger
    for assignment in status.get("assignmentIds") or ():
        await session.role_assignments.delete(assignment)
    for record in status.get("accessPolicies") or ():
        permissions = {"secrets": record["secrets"]}
        entry = {"tenantId": session.tenant_id, "objectId": SOMEBODY, "permissions": permissions}
        await session.vaults.remove_policies(record["vaultId"], [entry])


async def test_an_edit_that_asks_for_more_counts_anew_and_one_for_less_does_not(
    scene: Scene,
) -> None:
    await grant(scene, "AccessPolicy")
    await scene.run_for(61)
    seen = []
    for asked in (["get", "list"], ["list"]):
        scene.edit(KIND, "reads", permissions={"secrets": asked})
        await scene.run_for(0)
        seen.append(told(scene)[2])
        await scene.run_for(61)
        seen.append(told(scene)[2])
    assert seen == ["Propagating", "Settled", "Settled", "Settled"]


DENY = {"networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": []}}


async def test_a_firewall_that_may_be_in_the_way_is_told_once(scene: Scene) -> None:
    await grant(scene, "AccessPolicy", **DENY)
    await scene.run_for(61)
    assert (len(scene.told("VaultFirewallMayBlock")), told(scene)[2]) == (1, "Settled")


@pytest.mark.parametrize(
    ("properties", "subnets", "blocks"),
    [
        ({}, (), False),
        ({"networkAcls": None}, (), False),
        ({"networkAcls": {"defaultAction": "Allow"}}, (), False),
        ({"networkAcls": {"defaultAction": "Deny"}}, ("/Subnet",), True),
        ({"networkAcls": {"defaultAction": "Deny"}}, (), True),
        (
            {"networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": "/SUBNET"}]}},
            ("/Subnet",),
            False,
        ),
        ({"publicNetworkAccess": "Disabled"}, (), True),
    ],
)
def test_a_vault_that_lets_in_known_networks_may_block(
    properties: dict[str, Any], subnets: tuple[str, ...], blocks: bool
) -> None:
    assert may_block({"properties": properties}, subnets) is blocks
