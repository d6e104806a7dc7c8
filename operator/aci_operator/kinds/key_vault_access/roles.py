"""Role assignments on an RBAC vault: the built-in role that covers reading secrets."""

from __future__ import annotations

from collections.abc import Sequence

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT_ACCESS
from aci_operator.azure import ids
from aci_operator.azure.errors import Absent, Rejected
from aci_operator.kinds.key_vault_access import neighbours, watch
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile import authority, observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
"""Key Vault Secrets User (azure.md 10.2, roles.json): getSecret and readMetadata on secrets."""
COVERED = perms.parse({"secrets": ["get", "list"]})
"""What that role covers: this version knows no other role."""


async def ensure(p: Pass, grant: Grant, principal_type: str) -> None:
    """Assign the role if it is not assigned yet; then delete our former assignments."""
    _refuse_uncovered(grant)
    require(p)
    role_id = str(ids.role_definition_id(p.session.subscription_id, SECRETS_USER))
    name = ids.role_assignment_name(grant.vault_id, grant.principal_id, role_id)
    assignment_id = str(ids.role_assignment_id(grant.vault_id, name))
    seen = await observation.observe(p, _reader(p, grant, assignment_id))
    ours = seen.body is not None and _is_ours(p, seen.body)
    if watch.only(p, grant, missing=seen.body is None):
        return
    if seen.body is None:
        ours = await _assign(p, grant, assignment_id, role_id, principal_type)
        watch.restored(p, grant)
    former = [id_ for id_ in _recorded(p) if not ids.same(id_, assignment_id)]
    for id_ in former:
        await take_back(p, id_)
    p.status.set(assignmentIds=[assignment_id] if ours else [])


def require(p: Pass) -> None:
    """Raise Stall if the account does not lend the role; to look at it takes no role."""
    if observes(p.object):
        return
    authority.require_role(p, "spec.permissions", SECRETS_USER, "Key Vault Secrets User")


async def leave(p: Pass) -> None:
    """Take back all assignments that this object has made."""
    for assignment_id in _recorded(p):
        await take_back(p, assignment_id)
    p.status.set(assignmentIds=[])


async def take_back(p: Pass, assignment_id: str) -> None:
    """Delete an assignment of ours unless another object of ours counts on it. Idempotent."""
    for other in p.world.store.of_kind(KEY_VAULT_ACCESS.kind):
        counted = other.status.get("assignmentIds") or ()
        if other.key == p.object.key or other.deleting:
            continue
        if any(ids.same(id_, assignment_id) for id_ in counted):
            return
    authority.require_scope(p, "status.assignmentIds", assignment_id)
    try:
        await p.session.role_assignments.get(assignment_id)
    except Absent:
        return
    await p.session.role_assignments.delete(assignment_id)
    observation.wrote(p, assignment_id)
    p.event(reasons.REVOKED, f"Role assignment {assignment_id} was deleted.")
    neighbours.wake(p, assignment_id.split("/providers/Microsoft.Authorization/")[0])


def _reader(p: Pass, grant: Grant, assignment_id: str) -> Reader:
    """Read from the list of what the principal holds on the vault, shared by all who ask for it."""
    assignments = p.session.role_assignments

    async def sweep(scope: str) -> Sequence[Body]:
        return await assignments.list(scope, grant.principal_id)

    kind = f"roleAssignments/{grant.principal_id}"
    return Reader(assignment_id, assignments.get, grant.vault_id, sweep, kind)


def _refuse_uncovered(grant: Grant) -> None:
    beyond = perms.minus(grant.permissions, COVERED)
    if perms.empty(beyond):
        return
    words = "; ".join(f"{kind} {', '.join(w)}" for kind, w in perms.dump(beyond).items())
    raise Stall(
        reasons.NO_EQUIVALENT_ROLE,
        f"spec.permissions asks for {words}, and this version covers only secrets get and list on "
        "an RBAC vault. Ask for less, or use a vault with access policies.",
    )


async def _assign(
    p: Pass, grant: Grant, assignment_id: str, role_id: str, principal_type: str
) -> bool:
    """Write down the assignment, then make it; say whether it is ours."""
    message = f"Assigning Key Vault Secrets User to {grant.principal_id}."
    p.status.set(assignmentIds=sorted({*_recorded(p), assignment_id}))
    p.status.say(conditions.ACCESS_GRANTED, "False", reasons.GRANTING, message)
    await p.record(reasons.GRANTING, message)
    properties = {
        "roleDefinitionId": role_id,
        "principalId": grant.principal_id,
        "principalType": principal_type,
        "description": p.owner,
    }
    try:
        await p.session.role_assignments.put(assignment_id, {"properties": properties})
    except Rejected as error:
        if error.code != "RoleAssignmentExists":
            raise
        return False  # somebody else's, under another name: the access is there, and not ours
    observation.wrote(p, assignment_id)
    p.event(reasons.GRANTED, f"Key Vault Secrets User given to {grant.principal_id}.")
    return True


def _is_ours(p: Pass, assignment: Body) -> bool:
    description = str(assignment["properties"].get("description") or "")
    return description.startswith(f"{p.world.cluster_id}/")


def _recorded(p: Pass) -> list[str]:
    return list(p.object.status.get("assignmentIds") or ())
