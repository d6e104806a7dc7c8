"""Access policies of one vault, written for several objects by one call (design 3.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aci_operator.api import conditions, reasons
from aci_operator.azure.errors import Absent, AzureError, Rejected
from aci_operator.kinds.key_vault_access import entries, plan, records
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.permissions import Permissions
from aci_operator.kinds.key_vault_access.plan import Addition, Grant, Record
from aci_operator.reconcile import observation, principals
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Stall, Wait

FULL_RETRY = 600.0
"""Seconds until a full vault is looked at again: others make room."""

Wish = tuple[Pass, Grant]
Taking = tuple[Pass, Record]


async def give(p: Pass, grant: Grant) -> Permissions:
    """Add what is missing, with what others add to the vault meanwhile; give what that was.

    Raises what `errors` and `steps` name.
    """
    resource = (grant.vault_id, ("add", id(p.session)))
    return await p.world.batches.join(resource, (p, grant), _give)


async def take(p: Pass, record: Record) -> Permissions:
    """Take away what the record names and nobody else's does; give what was there of it."""
    resource = (record.vault_id, ("remove", id(p.session)))
    return await p.world.batches.join(resource, (p, record), _take)


def addition(p: Pass, grant: Grant, vault: Body) -> Addition:
    """Work out what is missing on a vault as it was read."""
    present = perms.parse(entries.of(vault, grant.principal_id).get("permissions"))
    return plan.addition(grant, present, records.own(p), records.others(p, going=True))


async def _give(wishes: Sequence[Wish]) -> list[Permissions | Exception]:
    """Look again, write down each intent, add all by one call, look at the answer."""
    first, grant = wishes[0]
    vault = await first.session.vaults.get(grant.vault_id)
    full = _without_room(wishes, vault)
    intents = (_intend(*wish, vault, full[place]) for place, wish in enumerate(wishes))
    found = await asyncio.gather(*intents, return_exceptions=True)
    outcomes = [each if not isinstance(each, BaseException) else _plain(each) for each in found]
    adding = [
        place
        for place, each in enumerate(outcomes)
        if not isinstance(each, Exception) and not perms.empty(each)
    ]
    if adding:
        sent = [(wishes[place], outcomes[place]) for place in adding]
        for place, outcome in zip(adding, await _send(vault, sent), strict=True):
            outcomes[place] = outcome
    return outcomes


async def _intend(p: Pass, grant: Grant, vault: Body, full: Stall | None) -> Permissions:
    wanted = addition(p, grant, vault)
    records.store(p, wanted.records)
    if perms.empty(wanted.missing):
        return wanted.missing
    if full is not None:
        raise full
    await principals.confirm(p)
    message = f"Adding {perms.words(wanted.missing)} for {grant.principal_id}."
    p.status.say(conditions.ACCESS_GRANTED, "False", reasons.GRANTING, message)
    await p.record(reasons.GRANTING, message)
    return wanted.missing


async def _send(
    vault: Body, sent: Sequence[tuple[Wish, Permissions | Exception]]
) -> list[Permissions | Exception]:
    """Add; where Azure refuses the call, each by itself, so that it is told whose it refuses."""
    (p, grant), _ = sent[0]
    adding = [(w[1].principal_id, m) for w, m in sent if not isinstance(m, Exception)]
    try:
        after = await p.session.vaults.add_policies(grant.vault_id, entries.to_add(vault, adding))
    except Rejected as error:
        if len(sent) == 1:
            return [error]
        return [(await _send(vault, [each]))[0] for each in sent]
    except AzureError as error:
        return [error] * len(sent)
    observation.wrote(p, grant.vault_id)
    tenant = entries.tenant_of(vault)
    return [_unseen(w[1], tenant, after) or missing for w, missing in sent]


def _unseen(grant: Grant, tenant_id: str, after: Sequence[Body]) -> Wait | None:
    """The answer lists the entries; what it lacks is looked for again in a moment."""
    entry = perms.entry_of(after, tenant_id, grant.principal_id)
    there = perms.parse(entry.get("permissions"))
    if perms.empty(perms.uncovered(grant.permissions, there)):
        return None
    return Wait(reasons.GRANTING, "Azure does not show the grant yet.", after=2.0)


def _without_room(wishes: Sequence[Wish], vault: Body) -> list[Stall | None]:
    """Say for each wish whether the vault has no room for one more entry, which it would need."""
    there = len(entries.listed(vault))
    new: dict[str, bool] = {}
    found: list[Stall | None] = []
    for _, grant in wishes:
        who = grant.principal_id.lower()
        if who not in new:
            known = bool(entries.of(vault, who))
            new[who] = not known and there >= entries.LIMIT
            there += not known and not new[who]
        found.append(_full(grant.vault_id, there) if new[who] else None)
    return found


def _full(vault_id: str, held: int) -> Stall:
    return Stall(
        reasons.ACCESS_POLICY_LIMIT,
        f"{vault_id} holds {held} access policies, and Azure takes {entries.LIMIT:,} per vault. "
        "Take away entries that nobody needs, or let the vault go by roles: permissionModel RBAC.",
        after=FULL_RETRY,
    )


async def _take(takings: Sequence[Taking]) -> list[Permissions | Exception]:
    first, record = takings[0]
    try:
        vault = await first.session.vaults.get(record.vault_id)
    except Absent:
        return [perms.parse({})] * len(takings)
    taking = [(each.principal_id, _nobodys(p, each)) for p, each in takings]
    going = entries.to_remove(vault, taking)
    if going:
        await first.session.vaults.remove_policies(record.vault_id, going)
        observation.wrote(first, record.vault_id)
    gone = [perms.parse(entries.of(vault, who).get("permissions")) for who, _ in taking]
    return [perms.common(wanted, had) for (_, wanted), had in zip(taking, gone, strict=True)]


def _nobodys(p: Pass, record: Record) -> Permissions:
    """Leave out what somebody of ours has made its own since this pass looked."""
    theirs = plan.recorded(records.others(p), record.vault_id, record.principal_id)
    return perms.minus(record.permissions, theirs)


def _plain(error: BaseException) -> Exception:
    """What cuts a task off cuts everything off; the rest is one wish's own."""
    if isinstance(error, Exception):
        return error
    raise error
