"""When a grant is held to have effect, whatever happens to the operator meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.api.objects import Key
from aci_operator.azure.session import Session
from aci_operator.kinds.key_vault_access.firewall import may_block
from aci_operator.kube import paths
from group_stage import GROUP_ID, Ended, Stage, a_stage
from integration.azure.bodies import vault_body
from pass_builders import an_object

ACCESS = Key("KeyVaultAccess", "here", "reads")
SOMEBODY = "11111111-2222-4333-8444-555555555555"
POLICY, ROLE = ("AccessPolicy", 60.0), ("RBAC", 600.0)
MODELS = pytest.mark.parametrize(("mode", "settle"), [POLICY, ROLE])


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        yield it


async def a_vault(stage: Stage, mode: str, **properties: Any) -> str:
    """Have a vault of that model in Azure; give its ARM ID."""
    session = await Session.open(stage.settings)
    arm_id = (
        f"{GROUP_ID.format(session.subscription_id)}/providers/Microsoft.KeyVault/vaults/vault1"
    )
    body = vault_body(session, [])
    body["properties"] |= {"enableRbacAuthorization": mode == "RBAC", **properties}
    await session.vaults.create(arm_id, body)
    await session.close()
    stage.azure.calls.forget()
    return arm_id


async def grant(stage: Stage, mode: str, **properties: Any) -> None:
    """Have an object that grants reading on such a vault, and look at it once."""
    spec = {
        "keyVaultRef": {"id": await a_vault(stage, mode, **properties)},
        "principal": {"principalId": SOMEBODY, "principalType": "ServicePrincipal"},
        "permissions": {"secrets": ["get"]},
    }
    stage.add(an_object("KeyVaultAccess", "reads", spec=spec, finalizers=()))
    await stage.look(ACCESS)


def told(stage: Stage) -> tuple[str, str, str]:
    """Give AccessGranted's status, and AccessEffective's with its reason."""
    listed = stage.server.bodies[paths.of_object(ACCESS)]["status"]["conditions"]
    found = {each["type"]: each for each in listed}
    effective = found.get("AccessEffective", {"status": "", "reason": ""})
    return found["AccessGranted"]["status"], effective["status"], effective["reason"]


@MODELS
async def test_a_grant_is_shown_at_once_and_held_effective_after_its_time(
    stage: Stage, mode: str, settle: float
) -> None:
    await grant(stage, mode)
    seen = [told(stage)]
    for step in (settle - 10, 11):
        stage.azure.clock.advance(step)
        await stage.look(ACCESS)
        seen.append(told(stage))
    waiting = ("True", "Unknown", "Propagating")
    assert seen == [waiting, waiting, ("True", "True", "Settled")]


@MODELS
async def test_waiting_costs_no_write_to_azure_and_none_to_the_object(
    stage: Stage, mode: str, settle: float
) -> None:
    await grant(stage, mode)
    stage.take_writes()
    before = list(stage.server.writes)
    for _ in range(5):
        stage.azure.clock.advance(settle / 6)
        await stage.look(ACCESS)
    assert (stage.take_writes(), stage.server.writes) == ([], before)


@MODELS
async def test_the_next_look_is_due_when_the_time_is_over(
    stage: Stage, mode: str, settle: float
) -> None:
    await grant(stage, mode)
    outcome = await stage.look(ACCESS)
    assert settle - 1 <= (outcome.after or 0) <= settle + 1


@MODELS
async def test_an_operator_that_starts_anew_counts_from_the_same_time(
    stage: Stage, mode: str, settle: float
) -> None:
    await grant(stage, mode)
    stage.azure.clock.advance(settle - 10)
    await stage.restart()
    await stage.look(ACCESS)
    waiting = told(stage)
    stage.azure.clock.advance(11)
    await stage.look(ACCESS)
    assert (waiting[1:], told(stage)[1:]) == (("Unknown", "Propagating"), ("True", "Settled"))


@MODELS
@pytest.mark.parametrize("ends_at", [0, 1, 2, 3, 4, 5, 6])
async def test_a_grant_that_was_taken_away_and_is_given_again_counts_anew(
    stage: Stage, mode: str, settle: float, ends_at: int
) -> None:
    await grant(stage, mode)
    stage.azure.clock.advance(settle + 1)
    await stage.look(ACCESS)
    await _take_away(stage)
    stage.azure.clock.advance(700)
    stage.blade.at = stage.blade.steps + ends_at if ends_at else 0
    try:
        await stage.look(ACCESS)
    except Ended:
        await stage.restart()
    await stage.look(ACCESS)
    assert told(stage) == ("True", "Unknown", "Propagating")


async def _take_away(stage: Stage) -> None:
    """Have somebody remove the grant in Azure."""
    status = stage.server.bodies[paths.of_object(ACCESS)]["status"]
    session = await Session.open(stage.settings)
    for assignment in status.get("assignmentIds") or ():
        await session.role_assignments.delete(assignment)
    for record in status.get("accessPolicies") or ():
        permissions = {"secrets": record["secrets"]}
        entry = {"tenantId": session.tenant_id, "objectId": SOMEBODY, "permissions": permissions}
        await session.vaults.remove_policies(record["vaultId"], [entry])
    await session.close()


async def test_an_edit_that_asks_for_more_counts_anew_and_one_for_less_does_not(
    stage: Stage,
) -> None:
    await grant(stage, "AccessPolicy")
    stage.azure.clock.advance(61)
    seen = []
    for asked in (["get", "list"], ["list"]):
        body = stage.server.bodies[paths.of_object(ACCESS)]
        body["spec"]["permissions"] = {"secrets": asked}
        await stage.restart()
        await stage.look(ACCESS)
        seen.append(told(stage)[2])
        stage.azure.clock.advance(61)
        await stage.look(ACCESS)
        seen.append(told(stage)[2])
    assert seen == ["Propagating", "Settled", "Settled", "Settled"]


DENY = {"networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": []}}


async def test_a_firewall_that_may_be_in_the_way_is_told_once(stage: Stage) -> None:
    await grant(stage, "AccessPolicy", **DENY)
    stage.azure.clock.advance(61)
    await stage.look(ACCESS)
    found = await stage.events()
    assert (found.count("VaultFirewallMayBlock"), told(stage)[2]) == (1, "Settled")


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
