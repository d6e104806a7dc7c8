"""ContainerGroup: the phases of a pass, in order."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.azure import ids
from aci_operator.kinds.container_group import (
    apply,
    completion,
    endpoint,
    health,
    inline_access,
    inputs,
    links,
    normal,
    power,
    preflight,
    quota,
    replacement,
    report,
    restart,
    start,
    subnets,
)
from aci_operator.kinds.container_group.apply import Target
from aci_operator.reconcile import (
    account,
    authority,
    observation,
    ownership,
    policies,
    removal,
    wishes,
)
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import announce_adoption, watched
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Observed, Reader
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import STALLED_RETRY, Stall
from aci_operator.reconcile.target import aim


def published(group: Object) -> Hashable:
    """Others need the principal, from the first answer on, and to know when the group is gone."""
    status = group.status
    ready = conditions.is_true(status, conditions.READY)
    principal_id = (status.get("identity") or {}).get("principalId")
    return (ready, group.deleting, status.get("id"), principal_id)


async def reconcile(p: Pass) -> None:
    """Resolve, observe, apply, report."""
    if not p.started_as.status.get("id"):
        preflight.require(p)
    await account.resolve(p)
    group_id, resolved = await inputs.resolve(p)
    arm_id = aim(p, ids.container_group_id(group_id, p.azure_name), resolved.location)
    observation.poll_again(p)
    await inline_access.ensure(p)
    wanted = apply.target(p, arm_id, resolved)
    authority.require_body(p, "body", wanted.body)
    seen = await _observe(p, wanted, group_id)
    if seen.body is None and completion.leave(p):
        completion.stay(p)
        return
    body = await _apply(p, wanted, seen)
    report.facts(p, body)
    if p.settled and not seen.direct:
        _stay_as_before(p)
        endpoint.require(p)
        health.again(p, arm_id)
        return
    health.viewed(p, arm_id)
    health.again(p, arm_id)
    if not report.in_flight(body):
        power.refuse_pending(p, body)
    report.judge(p, body, health.interval(p))
    endpoint.require(p)


async def remove(p: Pass) -> None:
    """Delete the group."""

    async def before(body: Body) -> None:
        if subnets.take_turn(p, body):  # so that an operator that starts anew knows of it
            await p.record(reasons.DELETING, removal.deleting(p, str(body["id"])))

    def remover() -> removal.Remover:
        groups = p.session.container_groups
        return removal.Remover(groups.get, groups.delete, before, lambda: links.tell(p))

    deletes = p.object.held and policies.deletes(p, default="Delete")
    await removal.remove(p, remover, default_policy="Delete")
    if deletes:
        quota.give_back(p)


async def _observe(p: Pass, wanted: Target, group_id: str) -> Observed:
    """Read the sweep while nothing is to be done and no view is due, else the group itself."""
    groups = p.session.container_groups
    reader = Reader(wanted.arm_id, groups.get, group_id, groups.list, "containerGroups")
    asked = wishes.requested(p) or restart.requested(p)
    if p.settled and (asked or health.due(p, wanted.arm_id)):
        return await observation.direct(p, reader)
    seen = await observation.observe(p, reader)
    if seen.direct or seen.body is None or completion.completed(p):
        return seen
    if report.in_flight(seen.body) or apply.wants_write(p, wanted, seen.body):
        return await observation.direct(p, reader)
    return seen


async def _apply(p: Pass, wanted: Target, seen: Observed) -> Body:
    """Write what is to be written; while an operation is in flight there is no drift."""
    found = seen.body

    def differences(body: Body | None = found) -> Paths:
        return () if body is None else apply.differences(p, wanted, body)

    if observes(p.object):
        return await watched(p, wanted.arm_id, found, differences)
    adopting = ownership.claim(p, wanted.arm_id, found, differences)
    if seen.body is None:
        preflight.require(p)
        await preflight.warn(p, wanted.body["location"])
        return await apply.create(p, start.begin(p, wanted))
    await p.hold()
    if completion.leave(p):
        return seen.body
    if replacement.under_way(p):
        told = apply.needing_replacement(p, wanted, seen.body)
        await replacement.go_on(p, wanted.arm_id, seen.body, told)
    starting = start.hold_back(p, wanted, seen.body)
    if not adopting and (report.in_flight(seen.body) or not seen.direct):
        return seen.body
    body = await _bring(p, wanted, seen.body, adopting)
    if starting:
        start.done(p)
    return body


async def _bring(p: Pass, wanted: Target, body: Body, adopting: bool) -> Body:
    if adopting:
        await announce_adoption(p, wanted.arm_id)
    try:
        preflight.require(p)
        await preflight.warn(p, wanted.body["location"])
        return await apply.bring(p, wanted, body, adopting=adopting)
    except Stall as stall:
        report.of_what_runs_on(p, body, health.interval(p))
        stall.after = min(stall.after, max(STALLED_RETRY, health.interval(p)))
        raise


def _stay_as_before(p: Pass) -> None:
    """A sweep has no instance view: what was said of the containers stands."""
    ready = conditions.find(p.started_as.status, conditions.READY)
    p.ready = (ready["reason"], ready["message"])


ROOM = Room(
    kind=CONTAINER_GROUP,
    references=inputs.referenced,
    published=published,
    reconcile=reconcile,
    remove=remove,
    compared=normal.COMPARED,
)
