"""Case 18, a vault of that name lies in the bin: left, brought back or purged, as its spec says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from aci_operator.api.objects import Key
from aci_operator.azure.session import Session
from aci_operator.kube import paths
from group_stage import GROUP_ID, Ended, Stage, a_stage
from integration.azure.bodies import vault_body
from pass_builders import CLUSTER, an_object

VAULT = Key("KeyVault", "here", "it")
THEIRS = {
    "tenantId": "",
    "objectId": "11111111-1111-1111-1111-111111111111",
    "permissions": {"secrets": ["get"]},
}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        yield it


def arm_id(stage: Stage, name: str = "vault") -> str:
    group = GROUP_ID.format(stage.settings.subscription_id)
    return f"{group}/providers/Microsoft.KeyVault/vaults/{name}"


@asynccontextmanager
async def somebody(stage: Stage) -> AsyncIterator[Session]:
    session = await Session.open(stage.settings)
    yield session
    await session.close()
    stage.azure.calls.forget()


async def bury(stage: Stage, tags: dict[str, str] | None = None, **properties: Any) -> str:
    """Have a deleted vault with a policy of others; give when it was deleted, and goes."""
    async with somebody(stage) as session:
        body = vault_body(session, [{**THEIRS, "tenantId": session.tenant_id}])
        body["properties"] |= properties
        await session.vaults.create(arm_id(stage), {**body, "tags": tags or {}})
        await session.vaults.delete(arm_id(stage))
        where = (stage.settings.subscription_id, "eastus", "vault")
        found = await session.vaults.find_deleted(*where)
    assert found is not None
    told = found["properties"]
    return f"deleted {told['deletionDate']}, purged by Azure on {told['scheduledPurgeDate']}"


def add_vault(stage: Stage, **spec: Any) -> None:
    group = {"id": GROUP_ID.format(stage.settings.subscription_id)}
    asked = {"permissionModel": "AccessPolicy", "sku": {"name": "standard"}, **spec}
    named = {"resourceGroupRef": group, "azureName": "vault", **asked}
    stage.add(an_object("KeyVault", "it", spec=named, finalizers=()))


def ready(stage: Stage) -> tuple[str, str, str]:
    status = stage.server.bodies[paths.of_object(VAULT)]["status"]
    found = next(c for c in status["conditions"] if c["type"] == "Ready")
    return found["status"], found["reason"], found["message"]


async def policies(stage: Stage) -> dict[str, list[str]]:
    """Give who may do what; the operator is named by what it is."""
    found = await stage.granted(arm_id(stage))
    async with somebody(stage) as session:
        me = await session.principal_id()
    return {"operator" if who == me else who: rights for who, rights in found.items()}


OPERATOR = ["set", "list", "delete", "recover"]


async def test_case_18_fail_tells_the_dates_and_both_choices_and_writes_no_more(
    stage: Stage,
) -> None:
    dates = await bury(stage)
    add_vault(stage, softDeleted="Fail")
    await stage.settle(VAULT)
    assert (ready(stage), stage.take_writes()) == (
        (
            "False",
            "VaultSoftDeleted",
            f"A deleted vault still holds spec.azureName vault: {dates}, purge protection off. Set "
            "spec.softDeleted: Recover brings it back with its contents; PurgeThenCreate destroys "
            "it for good and makes a new one. Or choose another name.",
        ),
        ["PUT vault"],
    )


async def test_case_18_recover_keeps_the_policies_and_brings_the_rest_in_line(
    stage: Stage,
) -> None:
    await bury(stage)
    add_vault(stage, softDeleted="Recover", enabledForDeployment=True)
    await stage.settle(VAULT)
    writes = stage.take_writes()
    assert (ready(stage)[:2], writes, await policies(stage)) == (
        ("True", "Available"),
        ["PUT vault", "PUT vault", "PATCH vault", "PUT add"],
        {THEIRS["objectId"]: ["get"], "operator": OPERATOR},
    )


async def test_case_18_what_was_recovered_has_the_specs_properties_and_our_tag(
    stage: Stage,
) -> None:
    await bury(stage, tags={"theirs": "1"})
    add_vault(stage, softDeleted="Recover", enabledForDeployment=True)
    await stage.settle(VAULT)
    async with somebody(stage) as session:
        body = await session.vaults.get(arm_id(stage))
    assert (body["tags"], body["properties"]["enabledForDeployment"]) == (
        {"theirs": "1", "aci-operator-owner": f"{CLUSTER}/here/it"},
        True,
    )


@pytest.mark.parametrize("choice", ["Recover", "PurgeThenCreate"])
async def test_case_18_what_is_marked_as_anothers_is_left_in_the_bin(
    stage: Stage, choice: str
) -> None:
    await bury(stage, tags={"aci-operator-owner": "other/there/it"})
    add_vault(stage, softDeleted=choice)
    await stage.settle(VAULT)
    assert (ready(stage)[:2], stage.take_writes()) == (("False", "AlreadyExists"), ["PUT vault"])


async def test_case_18_purge_then_create_makes_a_vault_without_what_was_there(
    stage: Stage,
) -> None:
    stage.azure.settings.vault_purge_seconds = 12
    await bury(stage)
    add_vault(stage, softDeleted="PurgeThenCreate")
    await stage.settle(VAULT)
    writes = stage.take_writes()
    assert (ready(stage)[:2], writes, await policies(stage)) == (
        ("True", "Available"),
        ["PUT vault", "POST purge", "PUT vault"],
        {"operator": OPERATOR},
    )


async def test_case_18_what_is_protected_is_not_purged(stage: Stage) -> None:
    dates = await bury(stage, enablePurgeProtection=True)
    add_vault(stage, softDeleted="PurgeThenCreate")
    await stage.settle(VAULT)
    assert (ready(stage), stage.take_writes()) == (
        (
            "False",
            "PurgeProtected",
            "spec.softDeleted is PurgeThenCreate, and the deleted vault that holds spec.azureName "
            f"vault is protected from that: {dates}, purge protection on. Set spec.softDeleted to "
            "Recover, choose another name, or wait for that date.",
        ),
        ["PUT vault"],
    )


@pytest.mark.parametrize("at", range(1, 16))
@pytest.mark.parametrize("choice", ["Recover", "PurgeThenCreate"])
async def test_case_18_an_operator_that_ends_anywhere_goes_on(
    stage: Stage, choice: str, at: int
) -> None:
    await bury(stage)
    add_vault(stage, softDeleted=choice)
    stage.blade.steps, stage.blade.at = 0, at
    with suppress(Ended):
        await stage.settle(VAULT)
    await stage.restart()
    stage.azure.clock.advance(700)
    await stage.settle(VAULT)
    kept = {THEIRS["objectId"]: ["get"]} if choice == "Recover" else {}
    assert (ready(stage)[:2], await policies(stage)) == (
        ("True", "Available"),
        {**kept, "operator": OPERATOR},
    )


async def test_case_18_recover_needs_no_right_on_the_subscription(stage: Stage) -> None:
    await bury(stage)
    group = GROUP_ID.format(stage.settings.subscription_id)
    only_in_the_group(stage, group)
    add_vault(stage, softDeleted="Recover")
    await stage.settle(VAULT)
    assert ready(stage)[:2] == ("True", "Available")


def only_in_the_group(stage: Stage, group: str) -> None:
    principal = stage.azure.cloud.directory.find_application(stage.settings.client_id)
    assert principal is not None
    assignments = stage.azure.cloud.authorization.assignments
    for assignment in list(assignments.of(principal.oid)):
        assignments.remove(assignment.name)
    stage.azure.assign_role(principal.oid, "Owner", group)
