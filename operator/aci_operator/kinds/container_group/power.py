"""Whether a group runs: `spec.operator.powerState`, carried out by POST stop and start.

`status.powerState` says what was reached last. A PUT takes it away, for nobody knows whether one
starts a stopped group (azure.md does not say): so what is asked for is made sure of again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NoReturn

from aci_operator.api import reasons
from aci_operator.reconcile import drift, observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.drift import Found, Paths
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Wait

RUNNING, STOPPED = "Running", "Stopped"
PATH = "spec.operator.powerState"
BETWEEN = 10.0
"""Seconds that Azure wants between a stop and a start (azure.md section 6)."""
ENDED = ("Succeeded", "Failed")


def wanted(p: Pass) -> str:
    """Give what the spec asks for: Running or Stopped."""
    return str(p.object.policy.get("powerState", RUNNING))


def found(p: Pass, body: Body) -> Found:
    """Give what differs, and whether it is an edit or was done in Azure. Asks no Azure."""
    paths: Paths = (PATH,) if _differs(p, body) else ()
    if not paths:
        p.status.set(powerState=wanted(p))
    return Found(paths, edited=_edited(p), default="Report")


def refuse_pending(p: Pass, body: Body) -> None:
    """Raise Wait where the group is still to be stopped or started, as the spec was edited.

    Where that is not carried out (ObserveOnly, ignoreDrift), nothing is to come.
    """
    carried_out = not observes(p.object) and drift.unignored(p, (PATH,))
    if carried_out and _differs(p, body) and _edited(p):
        told = "stopped" if wanted(p) == STOPPED else "started"
        message = f"The group is to be {told}."
        raise Wait(reasons.UPDATING, message, after=p.world.pace.operation)


def unknown(p: Pass) -> None:
    """After a PUT nobody knows."""
    p.status.set(powerState=None)


async def carry_out(p: Pass, arm_id: str, body: Body, corrected: Paths = ()) -> NoReturn:
    """Stop or start the group. Raises Wait for what Azure then does, and AzureErrors."""
    groups = p.session.container_groups
    if wanted(p) == STOPPED:
        await groups.stop(arm_id)
        told, reason = "was stopped, as the spec asks.", reasons.STOPPED
    else:
        _let_it_rest(p, body)
        await groups.start(arm_id)
        told, reason = "is being started, as the spec asks.", reasons.STARTED
    observation.wrote(p, arm_id)
    p.event(reason, f"{arm_id} {told}")
    drift.corrected(p, corrected)
    raise Wait(reasons.UPDATING, f"The group {told}", after=p.world.pace.operation)


def _differs(p: Pass, body: Body) -> bool:
    """What has ended neither runs nor is to be stopped; it is also what a run-once group does."""
    state = (body["properties"].get("instanceView") or {}).get("state")
    if wanted(p) == RUNNING:
        return bool(state == STOPPED)
    ended = state in ENDED and p.spec.get("restartPolicy", "Always") != "Always"
    return not (state == STOPPED or ended)


def _edited(p: Pass) -> bool:
    """Before this was written down, a group that was as its spec says was one that runs."""
    reached = p.status.fields.get("powerState") or (RUNNING if drift.reached(p) else "")
    return bool(reached != wanted(p))


def _let_it_rest(p: Pass, body: Body) -> None:
    ends = [_time(container) for container in body["properties"].get("containers") or ()]
    latest = max((end for end in ends if end is not None), default=None)
    if latest is None:
        return
    rested = (p.world.clock.now() - latest).total_seconds()
    if 0 <= rested < BETWEEN:
        message = "The group is to be started; Azure wants ten seconds after a stop."
        raise Wait(reasons.UPDATING, message, after=BETWEEN - rested)


def _time(container: Any) -> datetime | None:
    view = container["properties"].get("instanceView") or {}
    text = (view.get("currentState") or {}).get("finishTime")
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
