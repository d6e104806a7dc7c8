"""Role assignments as every kind makes and takes them: bounded waits, and who counts on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT_ACCESS, ROLE_ASSIGNMENT
from aci_operator.api.objects import Object
from aci_operator.azure import ids
from aci_operator.azure.errors import NotReplicated
from aci_operator.reconcile import observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Halt, Stall, Wait

EXISTS = "RoleAssignmentExists"
"""Azure's word for the same three things under another name (azure.md section 7.3)."""
PAUSES = (2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between two tries while Azure does not know the principal; the last one goes on."""
PATIENCE = 600.0
"""Seconds after which a principal that Azure does not know is somebody's mistake (design 3.5)."""


@dataclass(frozen=True)
class Same:
    """What there can be only one assignment of, whatever its name (azure.md section 7.3)."""

    scope: str
    principal_id: str
    role_id: str

    def fits(self, assignment: Body) -> bool:
        """Whether an assignment is of these three; a role counts by its GUID."""
        properties = assignment.get("properties") or {}
        return (
            ids.same(str(properties.get("scope") or ""), self.scope)
            and str(properties.get("principalId") or "").lower() == self.principal_id.lower()
            and guid(str(properties.get("roleDefinitionId") or "")) == guid(self.role_id)
        )


def guid(role_id: str) -> str:
    """Give a role's GUID in lower case: its ID is written with and without a subscription."""
    return role_id.rstrip("/").rpartition("/")[2].lower()


async def find(p: Pass, same: Same) -> Body | None:
    """Look for an assignment of these three under any name."""
    listed = await p.session.role_assignments.list(same.scope, same.principal_id)
    return next((each for each in listed if same.fits(each)), None)


async def put(p: Pass, assignment_id: str, properties: Mapping[str, Any]) -> Body:
    """Make or change an assignment.

    Raises Wait while Azure does not know the principal, Stall after ten minutes of that, and
    AzureErrors, among them Rejected with the code `EXISTS`.
    """
    try:
        body = await p.session.role_assignments.put(assignment_id, {"properties": properties})
    except NotReplicated as error:
        raise _unknown(p, str(properties["principalId"]), error) from error
    observation.wrote(p, assignment_id)
    p.status.set(principalMissing=None)
    return body


def marked(p: Pass, assignment: Body) -> bool:
    """Whether an object of this cluster made it, as its description says."""
    return description(assignment).startswith(f"{p.world.cluster_id}/")


def description(assignment: Body) -> str:
    """Give its description, which holds the owner's mark; empty if there is none."""
    return str((assignment.get("properties") or {}).get("description") or "")


def counted(p: Pass, assignment_id: str) -> bool:
    """Whether another living object of ours, of either kind, stands on that assignment."""
    access = p.world.store.of_kind(KEY_VAULT_ACCESS.kind)
    roles = p.world.store.of_kind(ROLE_ASSIGNMENT.kind)
    return any(
        other.key != p.object.key
        and not (other.deleting or observes(other))
        and _stands_on(other, assignment_id)
        for other in (*access, *roles)
    )


def scope_of(assignment_id: str) -> str:
    """Give what the assignment is on."""
    return assignment_id[: assignment_id.lower().rindex("/providers/microsoft.authorization/")]


def _stands_on(other: Object, assignment_id: str) -> bool:
    listed = [*(other.status.get("assignmentIds") or ()), other.status.get("assignmentId") or ""]
    return any(ids.same(id_, assignment_id) for id_ in listed)


def _unknown(p: Pass, principal_id: str, error: NotReplicated) -> Halt:
    now = p.world.clock.now().astimezone(UTC)
    known = p.status.fields.get("principalMissing") or {}
    if known.get("principalId") != principal_id:
        known = {"principalId": principal_id, "since": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
        p.status.set(principalMissing=known)
    waited = (now - datetime.fromisoformat(known["since"])).total_seconds()
    halt = _halt(principal_id, known["since"], max(waited, 0.0), error)
    p.status.say(conditions.ACCESS_GRANTED, "False", halt.reason, halt.message)
    return halt


def _halt(principal_id: str, since: str, waited: float, error: NotReplicated) -> Halt:
    if waited >= PATIENCE:
        return Stall(
            reasons.PRINCIPAL_NOT_FOUND,
            f"Azure has not known principal {principal_id} since {since} ({error.code}). Check "
            "spec.principal: the ID must be an object ID of the account's tenant, not a client "
            "ID, and principalType must be right.",
        )
    return Wait(
        reasons.WAITING_FOR_PRINCIPAL,
        f"Azure does not know principal {principal_id} yet ({error.code}), since {since}. New "
        f"principals take their time; it is tried again for {PATIENCE / 60:g} minutes.",
        after=_pause(waited),
    )


def _pause(waited: float) -> float:
    """Tell by the time that has gone which try this is: no count needs to be stored."""
    until = 0.0
    for pause in PAUSES:
        until += pause
        if waited < until:
            return pause
    return PAUSES[-1]
