"""`start: AfterAccess`: the containers start when the grants of `waitFor` have effect.

Grants to user-assigned identities need no group: they are waited for, then the group is made by one
PUT. A system-assigned identity exists only with its group, so a placeholder is made first; once its
grants have effect, one PUT in place puts the real containers in it (design 3.6). Where it stands is
told by `status.placeholder`, written before the placeholder's PUT, and by Azure: whether what runs
is as the spec says. No memory is needed.
"""

from __future__ import annotations

from aci_operator.api import conditions, reasons
from aci_operator.api.objects import Object
from aci_operator.kinds.container_group import apply, awaited, placeholder, report
from aci_operator.kinds.container_group.apply import Target
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Wait

AGAIN = 60.0
"""Seconds between two looks at a placeholder that waits; a grant that gets effect wakes sooner."""
LONGEST = 10.0
"""Seconds between two looks at one that Azure is making."""


def begin(p: Pass, wanted: Target) -> Target:
    """Give what to create now: the real group, or a placeholder. Raises Wait and Stall."""
    if not awaited.asked(p):
        p.status.set(placeholder=None)
        return wanted
    grants = awaited.grants(p, wanted.arm_id)
    if any(awaited.to_system(p, each, wanted.arm_id) for each in grants):
        awaited.refuse_shape(p)
        p.status.set(placeholder=True)
        _say(p, "False", reasons.PLACEHOLDER, "A placeholder is being made for its principal.")
        p.event(reasons.PLACEHOLDER, f"{wanted.arm_id} begins as a placeholder.")
        setting = p.world.placeholder
        return placeholder.target(wanted, setting.image, setting.command)
    p.status.set(placeholder=None)
    waiting = awaited.not_effective(grants, None)
    if waiting:
        raise _wait(p, waiting)
    _go(p)
    return wanted


def hold_back(p: Pass, wanted: Target, seen: Body) -> bool:
    """Raise Wait while a placeholder has to stay; say whether it is to be replaced in place now."""
    if not under_way(p):
        return False
    if not apply.differences(p, wanted, seen):
        p.status.set(placeholder=None)  # the PUT was made, and the operator ended before it said so
        return False
    report.facts(p, seen)
    if report.in_flight(seen):
        message = "Azure is making a placeholder group, whose principal is to get access."
        _say(p, "False", reasons.PLACEHOLDER, message)
        pace = p.world.pace.operation
        raise Wait(reasons.PLACEHOLDER, message, after=pace, backoff=True, longest=LONGEST)
    if awaited.asked(p):
        grants = awaited.grants(p, wanted.arm_id)
        waiting = awaited.not_effective(grants, _system(seen))
        if waiting:
            raise _wait(p, waiting)
    _go(p)
    return True


def done(p: Pass) -> None:
    """Note that the real containers are in the group."""
    p.status.set(placeholder=None)


def under_way(p: Pass) -> bool:
    """Whether the group that is there was made as a placeholder, and may still be one."""
    return bool(p.status.fields.get("placeholder"))


def _system(body: Body) -> str | None:
    return (body.get("identity") or {}).get("principalId") or None


def _wait(p: Pass, waiting: list[Object]) -> Wait:
    told = "; ".join(_told(each) for each in waiting)
    message = f"The containers are not started before these have effect: {told}."
    _say(p, "False", reasons.WAITING_FOR_ACCESS, message)
    return Wait(reasons.WAITING_FOR_ACCESS, message, after=AGAIN)


def _told(grant: Object) -> str:
    """Name a grant and how far it has come, in words that stay the same meanwhile."""
    said = conditions.find(grant.status, conditions.ACCESS_EFFECTIVE)
    if not said:
        said = conditions.find(grant.status, conditions.READY)
    return f"{grant.key.kind} {grant.key.name} ({said.get('reason') or 'not looked at yet'})"


def _go(p: Pass) -> None:
    message = "All grants of spec.operator.waitFor have effect: the containers may start."
    _say(p, "True", reasons.ACCESS_READY, message)
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    if before.get("reason") != reasons.ACCESS_READY:
        p.event(reasons.ACCESS_READY, message)


def _say(p: Pass, status: str, reason: str, message: str) -> None:
    p.status.say(conditions.ACCESS_EFFECTIVE, status, reason, message)
