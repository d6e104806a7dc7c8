"""What our objects have added to access policies, as their status says."""

from __future__ import annotations

from collections.abc import Sequence

from aci_operator.api.kinds import KEY_VAULT_ACCESS
from aci_operator.kinds.key_vault_access.plan import Record
from aci_operator.reconcile.context import Pass


def own(p: Pass) -> tuple[Record, ...]:
    """Give what this object has added so far, as stored."""
    return tuple(Record.parse(entry) for entry in p.object.status.get("accessPolicies") or ())


def now(p: Pass) -> tuple[Record, ...]:
    """Give what this pass will store."""
    return tuple(Record.parse(entry) for entry in p.status.fields.get("accessPolicies") or ())


def others(p: Pass, *, going: bool = False) -> Sequence[Record]:
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


def store(p: Pass, records: Sequence[Record]) -> None:
    """Set `status.accessPolicies`."""
    p.status.set(accessPolicies=[record.dump() for record in records])
