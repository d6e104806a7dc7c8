"""RoleAssignment: found or made, changed by a new one before the old one goes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import ROLE_ASSIGNMENT
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import keys
from aci_operator.azure import ids
from aci_operator.azure.errors import Absent, Rejected
from aci_operator.kinds.role_assignment import aim, properties, removal, role, scope
from aci_operator.reconcile import (
    account,
    assignments,
    observation,
    ownership,
    principals,
    settling,
)
from aci_operator.reconcile import references as refs
from aci_operator.reconcile.assignments import Same
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import Shape, converge
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.principals import Principal
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Stall, Wait

AGAIN = 2.0
"""Seconds until an assignment that somebody made in the same moment is looked for."""


def published(assignment: Object) -> Hashable:
    """Others need to know whether the role is assigned, to whom, and whether it has effect."""
    said = [
        conditions.is_true(assignment.status, type_)
        for type_ in (conditions.READY, conditions.ACCESS_EFFECTIVE)
    ]
    return (*said, assignment.deleting, assignment.status.get("principalId"))


async def reconcile(p: Pass) -> None:
    """Bring the assignment to the spec; then delete the one that it takes the place of."""
    await account.resolve(p)
    where = scope.resolve(p)
    wanted = await role.resolve(p, where)
    who = await _principal(p)
    refs.resolved(p)
    same = Same(where, who.id, wanted.id)
    arm_id = await aim.take(p, same)
    p.status.set(principalSource=who.source)
    observation.poll_again(p)
    await _converged(p, arm_id, same, who)
    settling.say(p, p.world.pace.settle_rbac, stood=_stood(p, arm_id))
    p.status.set(assignmentId=arm_id)
    if not observes(p.object):
        await removal.former(p)
    message = f"Principal {who.id} has the role {wanted.name} on {where}."
    p.status.say(conditions.ACCESS_GRANTED, "True", reasons.GRANTED, message)
    p.ready = (reasons.GRANTED, message)


def _stood(p: Pass, arm_id: str) -> bool:
    """Whether status, as last written, says that this assignment stood: a write is announced."""
    status = p.object.status
    announced = conditions.find(status, conditions.READY).get("reason") == reasons.CREATING
    return ids.same(str(status.get("assignmentId")), arm_id) and not announced


async def _principal(p: Pass) -> Principal:
    """Find the principal; a former one's assignment goes, once that one is surely gone."""
    try:
        return await principals.resolve(p)
    except (Wait, Absent):
        if not observes(p.object) and await principals.vanished(p):
            await removal.vanished(p)
            settling.withdrawn(p)
        raise


async def _converged(p: Pass, arm_id: str, same: Same, who: Principal) -> None:
    seen: list[Body] = []
    reader = _reader(p, arm_id, same, seen)
    try:
        await converge(p, reader, _shape(p, arm_id, same, who))
    except Stall as stall:
        if stall.reason in (reasons.ALREADY_EXISTS, reasons.ALREADY_CLAIMED) and seen:
            raise _taken(p, seen[-1], stall.reason) from None
        raise


def _reader(p: Pass, arm_id: str, same: Same, seen: list[Body]) -> Reader:
    """Read with the owner's mark as a tag; what was read directly is kept in `seen`."""
    adapter = p.session.role_assignments

    async def get(id_: str) -> Body:
        seen.append(properties.tagged(await adapter.get(id_)))
        return seen[-1]

    async def sweep(where: str) -> Sequence[Body]:
        return [properties.tagged(b) for b in await adapter.list(where, same.principal_id)]

    kind = f"ownedRoleAssignments/{same.principal_id}"
    return Reader(arm_id, get, same.scope, sweep, kind)


def _shape(p: Pass, arm_id: str, same: Same, who: Principal) -> Shape:
    mark = ownership.owner_value(p)
    announced = bool(p.object.status.get("principalMissing"))

    async def create() -> Body:
        if not announced:
            await principals.confirm(p)
        text = properties.joined(mark, p.spec.get("description") or "")
        return await _put(p, arm_id, same, who, {**p.spec, "description": text})

    async def update(seen: Body, paths: Paths) -> Body:
        values = properties.changed(p.spec, seen, paths, mark)
        return await _put(p, arm_id, same, who, values)

    return Shape(create, partial(properties.differences, p.spec), update, announced=announced)


async def _put(p: Pass, arm_id: str, same: Same, who: Principal, values: Body) -> Body:
    try:
        return await assignments.put(p, arm_id, properties.body_of(same, who.type, values))
    except Rejected as error:
        if error.code == assignments.EXISTS:
            p.status.set(id=None)
            message = "Azure has this assignment under another name, which is looked for."
            raise Wait(reasons.CONFLICT, message, after=AGAIN) from error
        if error.code == "RoleDefinitionDoesNotExist":
            role.forget(p, same.scope)
        raise


def _taken(p: Pass, body: Body, reason: str) -> Stall:
    mark = (body.get("tags") or {}).get(ownership.OWNER_TAG)
    whose = f"is {mark}'s" if mark else "was not made by this operator"
    listed = ", ".join(properties.differences(p.spec, body)) or "nothing"
    way = (
        "Delete one of the two objects, or the assignment."
        if mark
        else "Delete it, or take it over by spec.operator.adoptionPolicy: Adopt."
    )
    return Stall(
        reason,
        f"{body['id']} gives this principal this role on this scope already and {whose}; Azure "
        f"takes no second one. {way} It is left as it is. It differs from the spec in {listed}.",
    )


def _references(assignment: Object) -> frozenset[Key]:
    where, who = scope.reference(assignment), principals.reference(assignment)
    return keys(assignment.key.namespace, where, who)


ROOM = Room(
    kind=ROLE_ASSIGNMENT,
    references=_references,
    published=published,
    reconcile=reconcile,
    remove=removal.remove,
    compared=properties.FIELDS,
)
