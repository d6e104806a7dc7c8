"""Which assignment an object is about: found under any name, and remembered with its three things.

Another scope, principal or role is another assignment: Azure changes none of them in place
(RoleAssignmentUpdateNotPermitted, azure.md section 7.3). The former one goes once the new one is
there.
"""

from __future__ import annotations

from aci_operator.azure import ids
from aci_operator.reconcile import assignments, authority
from aci_operator.reconcile.assignments import Same
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import deletes


async def take(p: Pass, same: Same) -> str:
    """Settle the assignment's ID in status, and what becomes of the former one; give the ID."""
    had = p.object.status
    stored = str(had.get("id") or "")
    if had.get("assignmentId") and known(p, same):
        return stored
    found = await assignments.find(p, same)
    name = ids.role_assignment_name(same.scope, same.principal_id, same.role_id)
    arm_id = str(found["id"]) if found else str(ids.role_assignment_id(same.scope, name))
    authority.require_scope(p, "The assignment's own ARM ID", arm_id)
    _leave_former(p, stored, arm_id)
    p.status.set(id=arm_id, scope=same.scope, roleDefinitionId=same.role_id)
    p.status.set(principalId=same.principal_id)
    return arm_id


def known(p: Pass, same: Same) -> bool:
    """Whether status is about these three already."""
    had = p.object.status
    return Same(
        str(had.get("scope") or ""),
        str(had.get("principalId") or ""),
        str(had.get("roleDefinitionId") or ""),
    ) == Same(same.scope, same.principal_id, same.role_id)


def _leave_former(p: Pass, stored: str, arm_id: str) -> None:
    """Remember what is to go; what the spec asks for again, after another wish, is to stay."""
    had = p.object.status.get("formerIds") or ()
    left = [each for each in had if not ids.same(each, arm_id)]
    if stored and not ids.same(stored, arm_id):
        if deletes(p, default="Delete"):
            left.append(stored)
        p.status.set(adopted=None, assignmentId=None)
    p.status.set(formerIds=left or None)
