"""Taking an assignment back: only one that this object made or took over, and nobody else needs."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent
from aci_operator.kinds.role_assignment import properties
from aci_operator.reconcile import account, assignments, authority, claims, observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import deletes


async def remove(p: Pass) -> None:
    """Delete what this object has made, as its policy says; then let the object go."""
    if not p.object.held:
        return
    status = p.object.status
    made = [*(status.get("formerIds") or ()), *([status["id"]] if status.get("id") else [])]
    if made and not deletes(p, default="Delete"):
        p.event(reasons.RETAINED, "The assignment stays in Azure, as the deletion policy says.")
    elif made:
        await account.resolve_stored(p)
        for assignment_id in made:
            await take_back(p, str(assignment_id))
    await p.release()


async def former(p: Pass) -> None:
    """Delete the assignments that the present one has taken the place of."""
    for assignment_id in p.status.fields.get("formerIds") or ():
        await take_back(p, str(assignment_id))
        claims.drop(p, str(assignment_id))
    p.status.set(formerIds=None)


async def take_back(p: Pass, assignment_id: str) -> None:
    """Delete one assignment if it is this object's. Idempotent."""
    authority.require_scope(p, "status.id", assignment_id)
    try:
        body = await p.session.role_assignments.get(assignment_id)
    except Absent:
        return
    if not ownership.ours(p, properties.tagged(body)) or assignments.counted(p, assignment_id):
        p.event(reasons.RETAINED, f"{assignment_id} stays: it is not this object's alone.")
        return
    await p.session.role_assignments.delete(assignment_id)
    observation.wrote(p, assignment_id)
    p.event(reasons.REVOKED, f"Role assignment {assignment_id} was deleted.")


async def vanished(p: Pass) -> None:
    """Take back what stands for a principal that is gone: Azure shows it as of nobody."""
    assignment_id = str(p.object.status.get("id") or "")
    if assignment_id and deletes(p, default="Delete"):
        await take_back(p, assignment_id)
        claims.drop(p, assignment_id)
    p.status.set(id=None, assignmentId=None, principalId=None, principalSource=None, adopted=None)
