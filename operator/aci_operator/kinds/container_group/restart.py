"""A restart that somebody asks for by annotation: obeyed once, and only if later than the start.

Containers that were started after that moment have had their restart, so a crash between the call
and our status never restarts them twice.
"""

from __future__ import annotations

from datetime import UTC, datetime

from aci_operator.api import reasons
from aci_operator.api.objects import GROUP
from aci_operator.reconcile import observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Wait

REQUESTED = f"{GROUP}/restart-requested-at"
VALUE_LIMIT = 256
"""Characters of an acknowledged value that status keeps, as the CRD says."""


def requested(p: Pass) -> bool:
    """Whether a restart was asked for that has not been answered yet."""
    text = _asked(p)
    answered = p.started_as.status.get("lastHandledRestartAt")
    return bool(text) and text != answered and not observes(p.object)


async def obey(p: Pass, arm_id: str, body: Body) -> None:
    """Restart the group if that was asked for, later than it was started. Raises Wait then."""
    if not requested(p):
        return
    at = _time(_asked(p))
    if at is None:
        decline(p, "is no time such as 2026-01-31T12:00:00Z")
        return
    state = (body["properties"].get("instanceView") or {}).get("state")
    if state == "Stopped":
        decline(p, "is not obeyed, since the group is stopped: set spec.operator.powerState")
        return
    started = _started(body)
    if started is not None and at <= started:
        decline(p, f"is not later than the group's start at {started:%Y-%m-%dT%H:%M:%SZ}")
        return
    await p.session.container_groups.restart(arm_id)
    observation.wrote(p, arm_id)
    _answer(p)
    message = f"The group is being restarted, as was asked at {_asked(p)}."
    p.event(reasons.RESTARTING, message)
    raise Wait(reasons.UPDATING, message, after=p.world.pace.operation)


def decline(p: Pass, why: str) -> None:
    """Answer a request, if there is one, without a restart."""
    if requested(p):
        _answer(p)
        message = f"The annotation {REQUESTED} {why}. Nothing was restarted."
        p.event(reasons.RESTART_DECLINED, message, type_="Warning")


def _answer(p: Pass) -> None:
    p.status.set(lastHandledRestartAt=_asked(p))


def _asked(p: Pass) -> str:
    return p.started_as.annotations.get(REQUESTED, "")[:VALUE_LIMIT]


def _started(body: Body) -> datetime | None:
    """Give the earliest start among the containers that run or ran last."""
    views = [c["properties"].get("instanceView") or {} for c in body["properties"]["containers"]]
    times = [_time((view.get("currentState") or {}).get("startTime") or "") for view in views]
    return min((time for time in times if time is not None), default=None)


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
