"""Access policies: the union of what our objects want, added and taken back entry by entry."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.kinds.key_vault_access import batch, neighbours, plan, records, watch
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.plan import Grant, Record
from aci_operator.reconcile import authority
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body


async def ensure(p: Pass, grant: Grant, vault: Body) -> None:
    """Add what is missing, after writing down that it will be ours; then take back the surplus."""
    wanted = batch.addition(p, grant, vault)
    missing = not perms.empty(wanted.missing)
    if watch.only(p, grant, missing=missing):
        return
    if missing:
        await _add(p, grant)
        watch.restored(p, grant)
    else:
        records.store(p, wanted.records)
    surplus = plan.surplus(grant, records.now(p), records.others(p))
    for record in surplus:
        await take_back(p, record)
    records.store(p, plan.kept(grant, records.now(p)))


async def leave(p: Pass) -> None:
    """Take back all that this object has added: it is no longer wanted, or no longer counts."""
    for record in plan.surplus(None, records.own(p), records.others(p)):
        await take_back(p, record)
    records.store(p, ())


async def take_back(p: Pass, record: Record) -> None:
    """Remove from the vault what the record names, in the stored letter case. Idempotent."""
    authority.require_scope(p, "status.accessPolicies", record.vault_id)
    taken = await batch.take(p, record)
    if perms.empty(taken):
        return
    p.event(reasons.REVOKED, f"{perms.words(taken)} taken from {record.principal_id}.")
    neighbours.wake(p, record.vault_id)


async def _add(p: Pass, grant: Grant) -> None:
    added = await batch.give(p, grant)
    if not perms.empty(added):
        p.event(reasons.GRANTED, f"{perms.words(added)} given to {grant.principal_id}.")
