"""Access policies: the union of what our objects want, added and taken back entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT_ACCESS
from aci_operator.azure.errors import Absent
from aci_operator.kinds.key_vault_access import neighbours, plan, watch
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.plan import Addition, Grant, Record
from aci_operator.reconcile import authority, observation, principals
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Stall, Wait

LIMIT = 1024
"""Entries that a vault takes (azure.md section 9)."""
FULL_RETRY = 600.0
"""Seconds until a full vault is looked at again: others make room."""


async def ensure(p: Pass, grant: Grant, vault: Body) -> None:
    """Add what is missing, after writing down that it will be ours; then take back the surplus."""
    wanted = _addition(p, grant, vault)
    missing = not perms.empty(wanted.missing)
    if watch.only(p, grant, missing=missing):
        return
    if missing:
        await _add(p, grant)
        watch.restored(p, grant)
    else:
        store_records(p, wanted.records)
    surplus = plan.surplus(grant, _records_now(p), others_records(p))
    for record in surplus:
        await take_back(p, record)
    store_records(p, plan.kept(grant, _records_now(p)))


async def leave(p: Pass) -> None:
    """Take back all that this object has added: it is no longer wanted, or no longer counts."""
    for record in plan.surplus(None, own_records(p), others_records(p)):
        await take_back(p, record)
    store_records(p, ())


async def take_back(p: Pass, record: Record) -> None:
    """Remove from the vault what the record names, in the stored letter case. Idempotent."""
    authority.require_scope(p, "status.accessPolicies", record.vault_id)
    async with p.world.locks.of(record.vault_id):
        try:
            vault = await p.session.vaults.get(record.vault_id)
        except Absent:
            return
        entry = _entry(vault, record.principal_id)
        spelled = perms.verbatim(record.permissions, entry)
        if not spelled:
            return
        body = {
            "tenantId": entry["tenantId"],
            "objectId": entry["objectId"],
            "permissions": spelled,
        }
        await p.session.vaults.remove_policies(record.vault_id, [body])
        observation.wrote(p, record.vault_id)
    p.event(
        reasons.REVOKED, f"{perms.words(perms.parse(spelled))} taken from {record.principal_id}."
    )
    neighbours.wake(p, record.vault_id)


def own_records(p: Pass) -> tuple[Record, ...]:
    """Give what this object has added so far, as stored."""
    return tuple(Record.parse(entry) for entry in p.object.status.get("accessPolicies") or ())


def others_records(p: Pass, *, going: bool = False) -> Sequence[Record]:
    """Give what all other living objects of ours have added, in any namespace.

    With `going` also what those added that are being deleted: who still needs it makes it its
    own, so that it is not taken away with them.
    """
    return [
        Record.parse(entry)
        for other in p.world.store.of_kind(KEY_VAULT_ACCESS.kind)
        if other.key != p.object.key and (going or not other.deleting)
        for entry in other.status.get("accessPolicies") or ()
    ]


def store_records(p: Pass, records: Sequence[Record]) -> None:
    """Set `status.accessPolicies`."""
    p.status.set(accessPolicies=[record.dump() for record in records])


async def _add(p: Pass, grant: Grant) -> None:
    """Under the vault's lock: look again, write down the intent, add, look at the answer."""
    async with p.world.locks.of(grant.vault_id):
        vault = await p.session.vaults.get(grant.vault_id)
        wanted = _addition(p, grant, vault)
        store_records(p, wanted.records)
        if perms.empty(wanted.missing):
            return
        _refuse_full(grant, vault)
        await principals.confirm(p)
        message = f"Adding {perms.words(wanted.missing)} for {grant.principal_id}."
        p.status.say(conditions.ACCESS_GRANTED, "False", reasons.GRANTING, message)
        await p.record(reasons.GRANTING, message)
        entry = {
            "tenantId": vault["properties"]["tenantId"],
            "objectId": grant.principal_id,
            "permissions": perms.dump(wanted.missing),
        }
        after = await p.session.vaults.add_policies(grant.vault_id, [entry])
        observation.wrote(p, grant.vault_id)
    _check(grant, entry["tenantId"], after)
    p.event(reasons.GRANTED, f"{perms.words(wanted.missing)} given to {grant.principal_id}.")


def _refuse_full(grant: Grant, vault: Body) -> None:
    """Raise Stall where the principal has no entry yet and there is no room for one."""
    held = vault["properties"].get("accessPolicies") or ()
    if len(held) < LIMIT or _entry(vault, grant.principal_id):
        return
    raise Stall(
        reasons.ACCESS_POLICY_LIMIT,
        f"{grant.vault_id} holds {len(held)} access policies, and Azure takes {LIMIT:,} per vault. "
        "Take away entries that nobody needs, or let the vault go by roles: permissionModel RBAC.",
        after=FULL_RETRY,
    )


def _check(grant: Grant, tenant_id: str, after: Sequence[dict[str, Any]]) -> None:
    """The answer lists the entries; what it lacks is looked for again in a moment."""
    entry = perms.entry_of(after, tenant_id, grant.principal_id)
    if not perms.empty(perms.uncovered(grant.permissions, perms.parse(entry.get("permissions")))):
        raise Wait(reasons.GRANTING, "Azure does not show the grant yet.", after=2.0)


def _addition(p: Pass, grant: Grant, vault: Body) -> Addition:
    present = perms.parse(_entry(vault, grant.principal_id).get("permissions"))
    return plan.addition(grant, present, own_records(p), others_records(p, going=True))


def _entry(vault: Body, principal_id: str) -> dict[str, Any]:
    properties = vault["properties"]
    policies = properties.get("accessPolicies") or ()
    return dict(perms.entry_of(policies, properties["tenantId"], principal_id))


def _records_now(p: Pass) -> tuple[Record, ...]:
    return tuple(Record.parse(entry) for entry in p.status.fields.get("accessPolicies") or ())
