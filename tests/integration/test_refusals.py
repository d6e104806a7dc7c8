"""Bad input becomes a condition that says what to do, and stops nothing else."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from control_plane import ControlPlane
from integration import refusal_accounts, refusal_objects
from integration.manifests import secret, target, text
from integration.namespaces import sibling
from integration.refusal_words import ACCOUNTS, BAD, NOBODYS, Row
from integration.summaries import summary
from integration.world import World, open_world

BUSY = ("my-rg", "my-id", "myrbacvault")
STALLED = (
    "foreignGroup",
    "foreignId",
    "foreignvault",
    "foreign-containers",
    "gonevault",
    "takenvault",
    "rightless",
    "steady",
    "mykeyvault",
    "secrets",
)
"""Last words of the paths that only stalled objects ask for."""
REFUSED_TOKEN = ("entra", 401)
REQUESTS = {"gonevault": 3, "takenvault": 3, "secrets": 2}
"""Requests that one try costs (a vault's name is tried each five minutes); two secrets stall."""


@dataclass
class Refused:
    """One operator, one Azure, three namespaces: bad objects, bad accounts, no account."""

    world: World
    accounts: World
    nobodys: World
    process: int
    foreign: dict[str, Any]
    """What others had before our objects asked for it."""


@pytest.fixture(scope="module")
async def refused(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Refused]:
    folder = tmp_path_factory.mktemp("refusals")
    async with (
        open_world(control_plane, operator_kubeconfig, "refusals", folder) as world,
        sibling(world, "refusals-accounts") as accounts,
        sibling(world, "refusals-nobodys") as nobodys,
    ):
        process = world.operator.pid
        await prepare(world)
        foreign = foreign_state(world)
        await apply_bad_objects(world, accounts, nobodys)
        yield Refused(world, accounts, nobodys, process, foreign)
        await refusal_objects.end_deletion_of_an_identity(world)


async def prepare(world: World) -> None:
    world.azure.settings.taken_vault_names = ("takenvault",)
    await world.apply(world.account.manifest())
    await world.apply(text(*refusal_objects.good()))
    await world.until_ready()
    await refusal_objects.make_foreign_things(world)
    await refusal_objects.start_deletion_of_an_identity(world)
    world.azure.clock.advance(5)  # the others' containers run by then, and change no more


async def apply_bad_objects(world: World, accounts: World, nobodys: World) -> None:
    await world.apply(text(*refusal_objects.bad()))
    steady = json.dumps({"spec": {"restartPolicy": "Never"}})
    await world.kubectl("patch", "containergroup/steady", "--type=merge", "-p", steady)
    await accounts.apply(world.account.manifest())
    await accounts.apply(text(*refusal_accounts.broken_accounts(world)))
    for name, said, _ in ACCOUNTS:  # so that who uses them meets none that was not looked at
        if name.startswith("azureaccount/"):
            await accounts.until(name, f"{said[2]}={said[1]}")
    await accounts.apply(text(*refusal_accounts.users()))
    await nobodys.apply(text(*refusal_objects.foreign()[:1]))


def foreign_state(world: World) -> dict[str, Any]:
    """Give all that Azure holds of others."""
    return {
        id_: body
        for bodies in world.azure.state().values()
        for id_, body in bodies.items()
        if re.search("foreign|gonevault", id_, re.IGNORECASE)
    }


async def told(world: World, row: Row) -> Row:
    """Wait for what the row tells, and give all of it as the object tells it.

    Of a message that goes on with Azure's own words the beginning is given.
    """
    target, (_, reason, beside), expected = filled(world, row)
    found = await world.until(target, f"{beside or 'Ready'}={reason}")
    known = found["message"][: len(expected)] if expected.endswith(" ") else found["message"]
    return target, summary(await world.get(target)), known


def filled(world: World, row: Row) -> Row:
    """Give a row with the names of this run."""
    target, said, words = row
    return target, said, words.format(ns=world.namespace, rg=world.group_id)


@pytest.mark.parametrize("row", BAD, ids=lambda row: row[0])
async def test_a_bad_object_says_what_to_do(refused: Refused, row: Row) -> None:
    assert await told(refused.world, row) == filled(refused.world, row)


@pytest.mark.parametrize("row", ACCOUNTS, ids=lambda row: row[0])
async def test_an_account_that_does_not_work_says_why(refused: Refused, row: Row) -> None:
    assert await told(refused.accounts, row) == filled(refused.accounts, row)


@pytest.mark.parametrize("row", NOBODYS, ids=lambda row: row[0])
async def test_a_namespace_without_an_account_says_so(refused: Refused, row: Row) -> None:
    assert await told(refused.nobodys, row) == filled(refused.nobodys, row)


async def test_a_vault_in_soft_delete_names_dates_and_ways_out(refused: Refused) -> None:
    said = await refused.world.until("keyvault/gone-vault", "Stalled=VaultSoftDeleted")
    deleted = next(iter(refused.world.azure.state()["deletedVaults"].values()))["properties"]
    assert said["message"] == (
        f"A deleted vault still holds spec.azureName gonevault: deleted {deleted['deletionDate']}, "
        f"purged by Azure on {deleted['scheduledPurgeDate']}, purge protection off. Set "
        "spec.softDeleted: Recover brings it back with its contents; PurgeThenCreate destroys it "
        "for good and makes a new one. Or choose another name."
    )


async def test_a_missing_right_is_named_with_its_scope(refused: Refused) -> None:
    said = await refused.accounts.until("resourcegroup/rightless", "Stalled=Forbidden")
    subscription = refused.world.account.subscription_id
    assert said["message"].endswith(
        "Give the account a role with Microsoft.Resources/subscriptions/resourceGroups/read on "
        f"/subscriptions/{subscription}/resourcegroups/rightless."
    )


async def test_what_others_have_stays_as_it_was(refused: Refused) -> None:
    for row in BAD:
        await refused.world.until(row[0], f"{row[1][2]}={row[1][1]}")
    assert foreign_state(refused.world) == refused.foreign


async def test_a_group_that_needs_replacement_runs_on(refused: Refused) -> None:
    await refused.world.until("containergroup/steady", "Stalled=RequiresReplacement")
    writes = [write for write in refused.world.writes() if write.endswith("/steady")]
    assert writes == ["PUT containerGroups/steady"]


async def test_other_objects_become_ready_all_the_same(refused: Refused) -> None:
    late = refusal_objects.bystanders()
    await refused.world.apply(text(*late))
    await refused.world.until_ready(*map(target, late))
    said = [summary(await refused.world.get(target(item)))[0] for item in late]
    assert said == ["True"] * len(late)


async def test_a_stalled_object_asks_at_most_once_a_minute(refused: Refused) -> None:
    """Others are busy meanwhile, and wake nobody whom their changes do not concern."""
    began = refused.world.azure.clock.now()
    for round_ in range(10):
        await be_busy(refused.world, round_)
    minutes = 1 + int(refused.world.azure.clock.now() - began) // 60
    asked = Counter(asked_about(refused.world, began))
    tries = {name: math.ceil(n / REQUESTS.get(name, 1)) for name, n in asked.items()}
    assert {name: n for name, n in tries.items() if n > minutes} == {}


async def be_busy(world: World, round_: int) -> None:
    """Edit objects that the stalled ones name, wait until that is done, and label everything."""
    busy = [item for item in refusal_objects.good() if item["metadata"]["name"] in BUSY]
    for item in busy:
        item["spec"]["tags"] = {"round": str(round_)}
    await world.apply(text(*busy))
    seen = f"--for=jsonpath={{.status.observedGeneration}}={round_ + 2}"
    await world.kubectl("wait", seen, "--timeout=30s", *map(target, busy))
    await world.kubectl("label", "aci", "--all", f"round=r{round_}", "--overwrite")


def asked_about(world: World, since: float) -> Iterator[str]:
    """Name what Azure was asked about, as far as only stalled objects ask."""
    for call in world.azure.calls.list():
        name = call.path.partition("?")[0].rpartition("/")[2]
        if call.time >= since and (name in STALLED or (call.surface, call.status) == REFUSED_TOKEN):
            yield name


async def test_a_mended_credential_heals_the_account_and_its_objects(refused: Refused) -> None:
    accounts = refused.accounts
    await accounts.until("azureaccount/wrong-secret", "Stalled=CredentialRejected")
    mended = secret("wrong-secret", clientSecret=refused.world.account.client_secret)
    await accounts.apply(text(mended))
    await accounts.kubectl(
        "annotate", "azureaccount/wrong-secret", "aci-operator.io/reconcile-requested-at=now"
    )
    healed = ("azureaccount/wrong-secret", "resourcegroup/wrong-secret")
    await accounts.until_ready(*healed)
    said = [summary(await accounts.get(name)) for name in healed]
    assert said == [("True", "CredentialAccepted", ""), ("True", "Available", "")]


async def test_the_operator_is_still_the_same_process(refused: Refused) -> None:
    operator = refused.world.operator
    failed = [line for line in operator.log.read_text().splitlines() if "pass failed" in line]
    assert (operator.pid, operator.running, failed) == (refused.process, True, [])
