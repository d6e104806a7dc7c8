"""Sessions: who acts, what Entra refuses, what is observed, what waits."""

from __future__ import annotations

import asyncio

import pytest

from aci_operator.azure import ids
from aci_operator.azure.budgets import Budgets
from aci_operator.azure.errors import (
    Absent,
    AzureError,
    Forbidden,
    Throttled,
    Unauthenticated,
    Unavailable,
)
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from integration.azure.bodies import group_body
from integration.azure.conftest import Open


async def test_the_principal_is_the_oid_of_its_token(
    session: Session, principal: Principal
) -> None:
    assert await session.principal_id() == principal.oid


async def test_opening_a_session_asks_nobody(session: Session, azure: Emulator) -> None:
    assert azure.calls.list() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_secret": "canary-wrong"}, "AADSTS7000215"),
        ({"client_id": "00000000-0000-0000-0000-00000000dead"}, "AADSTS700016"),
        ({"tenant_id": "00000000-0000-0000-0000-00000000dead"}, "AADSTS90002"),
    ],
)
async def test_a_refused_credential_carries_entras_code_and_no_secret(
    open_session: Open, changes: dict[str, str], code: str
) -> None:
    session = await open_session(**changes)
    group = ids.resource_group_id(session.subscription_id, "Demo")
    with pytest.raises(Unauthenticated) as by_call:
        await session.resource_groups.get(group)
    with pytest.raises(Unauthenticated) as by_question:
        await session.principal_id()
    assert (by_call.value.code, by_question.value.code) == (code, code)
    assert "canary" not in f"{by_call.value!r} {by_question.value!r}"


@pytest.mark.parametrize(
    ("status", "kind", "after"), [(503, Unavailable, 7.0), (429, Throttled, 7.0)]
)
async def test_entra_out_of_order_is_asked_once(
    open_session: Open, azure: Emulator, status: int, kind: type[AzureError], after: float
) -> None:
    session = await open_session()
    azure.faults.next(method="POST", path="/token", status=status, headers={"Retry-After": "7"})
    with pytest.raises(kind) as caught:
        await session.principal_id()
    assert (caught.value.after, len(azure.calls.list())) == (after, 1)


async def test_a_missing_right_is_named(open_session: Open) -> None:
    session = await open_session()
    group = f"/subscriptions/{session.subscription_id}/resourceGroups/Demo"
    with pytest.raises(Forbidden) as caught:
        await session.resource_groups.put(group, {"location": "eastus"})
    error = caught.value
    assert (error.code, error.action, ids.same(error.scope, group)) == (
        "AuthorizationFailed",
        "Microsoft.Resources/subscriptions/resourceGroups/write",
        True,
    )


async def test_a_server_of_another_authority_is_not_talked_to(open_session: Open) -> None:
    session = await open_session(ca_bundle=None)
    with pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED") as caught:
        await session.principal_id()
    assert caught.value.code == "ConnectionFailed"


@pytest.mark.parametrize("bundle", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nx\n"])
async def test_a_bundle_without_certificates_is_refused(open_session: Open, bundle: str) -> None:
    with pytest.raises(ValueError, match="caBundle"):
        await open_session(ca_bundle=bundle)


async def test_nobody_there_is_unavailable(open_session: Open) -> None:
    session = await open_session(resource_manager="https://127.0.0.1:1")
    group = ids.resource_group_id(session.subscription_id, "Demo")
    with pytest.raises(Unavailable) as caught:
        await session.resource_groups.get(group)
    assert caught.value.code == "ConnectionFailed"


async def test_many_first_calls_share_one_token(
    session: Session, group: ArmId, azure: Emulator, open_session: Open
) -> None:
    fresh = await open_session()
    await asyncio.gather(*(fresh.resource_groups.get(group) for _ in range(20)))
    assert [call.surface for call in azure.calls.list()].count("entra") == 1


async def test_every_call_is_observed(session: Session, group: ArmId, open_session: Open) -> None:
    seen: list[tuple[str, str]] = []
    watched = await open_session(observe=lambda label, code, _seconds: seen.append((label, code)))
    await watched.resource_groups.get(group)
    with pytest.raises(Absent):
        await watched.vaults.get(ids.vault_id(group, "nowhere"))
    await watched.identities.list(group)
    assert seen == [
        ("GET resourceGroups", "200"),
        ("GET Microsoft.KeyVault/vaults", "ResourceNotFound"),
        ("LIST Microsoft.ManagedIdentity/userAssignedIdentities", "200"),
    ]


async def test_a_limit_is_met_once_for_all_sessions_of_a_principal(
    session: Session, group: ArmId, azure: Emulator, open_session: Open
) -> None:
    budgets = Budgets()
    first, second = await open_session(budgets=budgets), await open_session(budgets=budgets)
    azure.faults.next(
        method="GET", status=429, code="SubscriptionRequestsThrottled", headers={"Retry-After": "9"}
    )
    with pytest.raises(Throttled) as met:
        await first.resource_groups.get(group)
    azure.calls.forget()
    with pytest.raises(Throttled) as closed:
        await second.vaults.list(group)
    assert (met.value.after, closed.value.code, azure.calls.list()) == (9.0, "BudgetClosed", [])
    assert closed.value.after is not None
    assert 8 < closed.value.after <= 9


async def test_a_regions_limit_leaves_other_regions_and_reads_alone(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    azure.settings.container_writes_per_5m = 0
    id = ids.container_group_id(group, "mycontainer")
    with pytest.raises(Throttled) as caught:
        await session.container_groups.put(id, group_body())
    azure.settings.container_writes_per_5m = 100
    with pytest.raises(Throttled, match="Azure asked to wait"):
        await session.container_groups.put(id, group_body())
    await session.container_groups.put(id, {**group_body(), "location": "westus"})
    await session.container_groups.get(id)
    assert caught.value.code == "ResourceRequestsThrottled"


async def test_a_lost_answer_to_a_write_is_not_sent_again(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    azure.faults.next(method="PUT", lost=True)
    with pytest.raises(Unavailable) as caught:
        await session.container_groups.put(
            ids.container_group_id(group, "mycontainer"), group_body()
        )
    assert (caught.value.code, len(azure.calls.writes())) == ("ConnectionFailed", 1)


async def test_a_lost_answer_to_a_read_is_asked_once_more(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    azure.faults.next(method="GET", lost=True)
    await session.resource_groups.get(group)
    azure.faults.next(method="GET", lost=True, times=2)
    with pytest.raises(Unavailable):
        await session.resource_groups.get(group)
    assert [call.method for call in azure.calls.list() if call.surface == "arm"] == ["GET"] * 4


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
async def test_a_broken_service_is_asked_once(
    session: Session, group: ArmId, azure: Emulator, status: int
) -> None:
    azure.faults.next(method="GET", status=status, headers={"Retry-After": "5"})
    with pytest.raises(Unavailable) as caught:
        await session.resource_groups.get(group)
    assert (caught.value.after, len(azure.calls.list())) == (5.0, 1)
