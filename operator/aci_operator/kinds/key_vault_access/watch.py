"""A grant that is missing though it was given before: drift, and what the policies say of it."""

from __future__ import annotations

from aci_operator.api import conditions, reasons
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile import drift, settling
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import absent
from aci_operator.reconcile.drift import Found
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Wait

PATHS = ("spec.permissions",)


def only(p: Pass, grant: Grant, *, missing: bool) -> bool:
    """Whether nothing may be written. Raises Wait for a grant that is missing and stays so.

    Raises Stall for one that somebody keeps taking away.
    """
    if observes(p.object):
        if missing:
            raise _missing(p, absent(f"The grant to {grant.principal_id} on {grant.vault_id}"))
        drift.end(p)
        return True
    decision = drift.decide(p, Found(PATHS if missing else (), edited=not _given(p, grant)))
    if not missing or decision.write:
        return False
    if drift.unignored(p, PATHS):
        message = "The grant was taken away outside. It is reported, not given again."
        raise _missing(p, Wait(reasons.DRIFTED, message))
    return True


def restored(p: Pass, grant: Grant) -> None:
    """Remember that a grant was given now, or given again which had been given before."""
    settling.wrote(p)
    if _given(p, grant):
        drift.corrected(p, PATHS)


def _given(p: Pass, grant: Grant) -> bool:
    """Whether this very grant stood before, so that its absence comes from outside."""
    before = p.started_as.status
    same = before.get("granted") == perms.dump(grant.permissions)
    return drift.reached(p) and same and before.get("principalId") == grant.principal_id


def _missing(p: Pass, wait: Wait) -> Wait:
    settling.withdrawn(p)
    p.status.say(conditions.ACCESS_GRANTED, "False", wait.reason, wait.message)
    return wait
