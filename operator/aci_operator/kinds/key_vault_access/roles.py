"""Role assignments on an RBAC vault: for each kind of thing the smallest built-in role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aci_operator.api import conditions, reasons
from aci_operator.azure import ids
from aci_operator.azure.built_in_roles import BuiltInRole
from aci_operator.azure.errors import Absent, Rejected
from aci_operator.kinds.key_vault_access import neighbours, role_table, watch
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.permissions import Permissions
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile import assignments, authority, observation, principals
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall


@dataclass(frozen=True)
class Wanted:
    """One assignment that the grant needs."""

    role: BuiltInRole
    role_id: str
    id: str


async def ensure(p: Pass, grant: Grant, principal_type: str) -> None:
    """Assign the roles that are not assigned yet; then delete our former assignments."""
    roles = require(p, grant.permissions)
    found = [(each, await _seen(p, grant, each)) for each in _wanted(p, grant, roles)]
    missing = any(body is None for _, body in found)
    if watch.only(p, grant, missing=missing):
        return
    ours = []
    for each, body in found:
        if body is None:
            made = await _assign(p, grant, each, principal_type)
        else:
            made = ids.same(body["id"], each.id) and assignments.marked(p, body)
        ours += [each.id] if made else []
    if missing:
        watch.restored(p, grant)
    wanted = [each for each, _ in found]
    for id_ in _recorded(p):
        if not any(ids.same(id_, each.id) for each in wanted):
            await take_back(p, id_)
    p.status.set(assignmentIds=ours)


def require(p: Pass, asked: Permissions) -> tuple[BuiltInRole, ...]:
    """Choose the roles. Raises Stall if none covers what is asked, or the account lends it not;
    to look at one takes no role."""
    try:
        roles = role_table.covering(asked)
    except role_table.NoRole as error:
        raise _uncovered(error) from None
    for role in roles if not observes(p.object) else ():
        authority.require_role(p, "spec.permissions", role.guid, role.name)
    return roles


def told(roles: Sequence[BuiltInRole], asked: Permissions) -> str:
    """Say by which roles a grant was given, and what these give besides."""
    names = " and ".join(role.name for role in roles)
    beyond = perms.words(role_table.excess(roles, asked))
    return f"by {names}" + (f", which also gives {beyond}" if beyond else "")


async def leave(p: Pass) -> None:
    """Take back all assignments that this object has made."""
    for assignment_id in _recorded(p):
        await take_back(p, assignment_id)
    p.status.set(assignmentIds=[], roles=None, excess=None)


async def take_back(p: Pass, assignment_id: str) -> None:
    """Delete an assignment of ours unless another object of ours counts on it. Idempotent."""
    if assignments.counted(p, assignment_id):
        return
    authority.require_scope(p, "status.assignmentIds", assignment_id)
    try:
        body = await p.session.role_assignments.get(assignment_id)
    except Absent:
        return
    if not assignments.marked(p, body):
        return  # it was made anew by somebody else, under the name that ours had
    await p.session.role_assignments.delete(assignment_id)
    observation.wrote(p, assignment_id)
    p.event(reasons.REVOKED, f"Role assignment {assignment_id} was deleted.")
    neighbours.wake(p, assignments.scope_of(assignment_id))


def _wanted(p: Pass, grant: Grant, roles: Sequence[BuiltInRole]) -> list[Wanted]:
    found = []
    for role in roles:
        role_id = str(ids.role_definition_id(p.session.subscription_id, role.guid))
        name = ids.role_assignment_name(grant.vault_id, grant.principal_id, role_id)
        found.append(Wanted(role, role_id, str(ids.role_assignment_id(grant.vault_id, name))))
    return found


async def _seen(p: Pass, grant: Grant, wanted: Wanted) -> Body | None:
    """Read from the list of what the principal holds on the vault, shared by all who ask for it."""
    adapter = p.session.role_assignments

    async def sweep(scope: str) -> Sequence[Body]:
        return await adapter.list(scope, grant.principal_id)

    kind = f"roleAssignments/{grant.principal_id}"
    reader = Reader(wanted.id, adapter.get, grant.vault_id, sweep, kind)
    seen = await observation.observe(p, reader)
    if seen.body is None and p.settled:
        same = assignments.Same(grant.vault_id, grant.principal_id, wanted.role_id)
        return await assignments.find(p, same)  # it may be there under another name
    return seen.body


async def _assign(p: Pass, grant: Grant, wanted: Wanted, principal_type: str) -> bool:
    """Write down the assignment, then make it; say whether it is ours."""
    await _record(p, grant, wanted)
    properties = {
        "roleDefinitionId": wanted.role_id,
        "principalId": grant.principal_id,
        "principalType": principal_type,
        "description": p.owner,
    }
    try:
        await assignments.put(p, wanted.id, properties)
    except Rejected as error:
        if error.code != assignments.EXISTS:
            raise
        return False  # somebody else's, under another name: the access is there, and not ours
    p.event(reasons.GRANTED, f"{wanted.role.name} given to {grant.principal_id}.")
    return True


async def _record(p: Pass, grant: Grant, wanted: Wanted) -> None:
    """Write the intent down, once: a try that is repeated writes no status.

    What was given before and is gone is announced too: its effect counts anew.
    """
    known = any(ids.same(id_, wanted.id) for id_ in _recorded(p))
    if known and not conditions.is_true(p.object.status, conditions.ACCESS_GRANTED):
        return
    await principals.confirm(p)
    message = f"Assigning {wanted.role.name} to {grant.principal_id}."
    p.status.set(assignmentIds=_recorded(p) if known else [*_recorded(p), wanted.id])
    p.status.say(conditions.ACCESS_GRANTED, "False", reasons.GRANTING, message)
    await p.record(reasons.GRANTING, message)


def _uncovered(error: role_table.NoRole) -> Stall:
    return Stall(
        reasons.NO_EQUIVALENT_ROLE,
        f"spec.permissions asks for {perms.words(error.asked)}, and no built-in role that this "
        "version knows covers that on an RBAC vault. Ask for less, or use a vault with access "
        "policies.",
    )


def _recorded(p: Pass) -> list[str]:
    return list(p.status.fields.get("assignmentIds") or ())
