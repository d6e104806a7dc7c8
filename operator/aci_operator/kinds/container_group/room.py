"""ContainerGroup: the phases of a pass, in order."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.azure import ids
from aci_operator.kinds.container_group import (
    apply,
    health,
    inputs,
    normal,
    power,
    replacement,
    report,
    restart,
    subnets,
)
from aci_operator.kinds.container_group.apply import Target
from aci_operator.reconcile import account, authority, observation, ownership, removal, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import announce_adoption, watched
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Observed, Reader
from aci_operator.reconcile.policies import observes, refuse_unsupported
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Stall
from aci_operator.reconcile.target import aim

ENDED = "is not obeyed, since a run-once group that has ended is not run again for its generation"


def published(group: Object) -> Hashable:
    """Others need the principal, from the first answer on, and to know when the group is gone."""
    status = group.status
    ready = conditions.is_true(status, conditions.READY)
    principal_id = (status.get("identity") or {}).get("principalId")
    return (ready, group.deleting, status.get("id"), principal_id)


async def reconcile(p: Pass) -> None:
    """Resolve, observe, apply, report."""
    refuse_unsupported(p)
    await account.resolve(p)
    group_id, resolved = await inputs.resolve(p)
    arm_id = aim(p, ids.container_group_id(group_id, p.azure_name), resolved.location)
    observation.poll_again(p)
    wanted = apply.target(p, arm_id, resolved)
    authority.require_body(p, "body", wanted.body)
    seen = await _observe(p, wanted, group_id)
    if seen.body is None and _completed(p):
        restart.decline(p, ENDED)
        _stay_as_before(p)
        return
    body = await _apply(p, wanted, seen)
    report.facts(p, body)
    if p.settled and not seen.direct:
        _stay_as_before(p)
        health.again(p, arm_id)
        return
    health.viewed(p, arm_id)
    health.again(p, arm_id)
    if not report.in_flight(body):
        power.refuse_pending(p, body)
    report.judge(p, body, health.interval(p))


async def remove(p: Pass) -> None:
    """Delete the group."""

    async def before(body: Body) -> None:
        if subnets.take_turn(p, body):  # so that an operator that starts anew knows of it
            await p.record(reasons.DELETING, removal.deleting(p, str(body["id"])))

    def remover() -> removal.Remover:
        groups = p.session.container_groups
        return removal.Remover(groups.get, groups.delete, before)

    await removal.remove(p, remover, default_policy="Delete")


async def _observe(p: Pass, wanted: Target, group_id: str) -> Observed:
    """Read the sweep while nothing is to be done and no view is due, else the group itself."""
    groups = p.session.container_groups
    reader = Reader(wanted.arm_id, groups.get, group_id, groups.list, "containerGroups")
    asked = wishes.requested(p) or restart.requested(p)
    if p.settled and (asked or health.due(p, wanted.arm_id)):
        return await observation.direct(p, reader)
    seen = await observation.observe(p, reader)
    if seen.direct or seen.body is None:
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
        return await apply.create(p, wanted)
    await p.hold()
    if replacement.under_way(p):
        told = apply.needing_replacement(p, wanted, seen.body)
        await replacement.go_on(p, wanted.arm_id, seen.body, told)
    if not adopting and _stays(p, seen, seen.body):
        return seen.body
    if adopting:
        await announce_adoption(p, wanted.arm_id)
    try:
        return await apply.bring(p, wanted, seen.body, adopting=adopting)
    except Stall:
        report.facts(p, seen.body)  # what is not written runs on, and is told about
        raise


def _stays(p: Pass, seen: Observed, body: Body) -> bool:
    """Whether nothing is written: Azure is at work, this is hearsay, or a job has ended."""
    if report.in_flight(body) or not seen.direct:
        return True
    if _completed(p):
        restart.decline(p, ENDED)
        return True
    return False


def _completed(p: Pass) -> bool:
    """A run-once group that ended well is never written again for its generation."""
    return p.settled and conditions.is_true(p.started_as.status, conditions.COMPLETED)


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
