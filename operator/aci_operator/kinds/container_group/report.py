"""From Azure's answer to status: identities, address, containers, and whether the group is well."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.kinds.container_group import address, causes, power
from aci_operator.kinds.container_group.causes import Cause
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Halt, Stall, Unwell, Wait

SETTLED_STATES = ("Succeeded", "Failed")
"""The only provisioning states that may be depended on (azure.md section 6)."""
STOPPED_OUTSIDE = (
    "The group was stopped from outside. Start it (az container start); or set "
    "spec.operator.powerState to Stopped, or driftPolicy to Correct."
)
RUN_AGAIN = (
    "It is not run again by itself: annotate the object with aci-operator.io/restart-requested-at, "
    "or edit its spec."
)
NO_ADDRESS = " Azure has not named an address yet."
DETAIL_LIMIT = 1024
"""Characters of `detailStatus` that status keeps, as the CRD says."""
PATIENCE = 120.0
"""Seconds for which an operation is looked at at full pace (design 3.7)."""
_LOOKED_AT = {"provisioningState", "identity", "state", "containers", "initContainers"}
"""Fields of status that each look sets."""


def facts(p: Pass, body: Body) -> None:
    """Set the fields of status that the body tells about."""
    properties = body["properties"]
    identity = _identity(body.get("identity") or {})
    _tell_principal(p, identity.get("principalId"))
    p.status.set(provisioningState=properties.get("provisioningState"), identity=identity)
    address.report(p, body)
    if "instanceView" in properties:
        p.status.set(
            state=properties["instanceView"].get("state"),
            containers=_listed(properties, "containers"),
            initContainers=_listed(properties, "initContainers"),
        )
        _tell_restarts(p)
    _say_identity(p)


def of_what_runs_on(p: Pass, body: Body, health_interval: float) -> None:
    """Tell how a group is that is not written; `Ready` says why it is not."""
    facts(p, body)
    with suppress(Halt):
        judge(p, body, health_interval)


def _only_looked(p: Pass) -> bool:
    """Whether status differs from what is stored in nothing but what the next look gives too."""
    before, now = p.object.status, p.status.fields
    names = {*now, *(name for name in before if name not in ("conditions", "observedGeneration"))}
    return {name for name in names if before.get(name) != now.get(name)} <= _LOOKED_AT


def in_flight(body: Body) -> bool:
    """Whether Azure is still at work on the group."""
    return body["properties"].get("provisioningState") not in SETTLED_STATES


def judge(p: Pass, body: Body, health_interval: float) -> None:
    """Say how the group is. Raises Wait or Stall for what is not Ready."""
    state = body["properties"].get("provisioningState")
    if not _ended_well(p):
        p.status.unsay(conditions.COMPLETED)  # an ended group that was started again
    why = _causes(p, body)
    if in_flight(body):
        if why:
            raise _ill(p, why, _pace(p, 10.0))
        reason = reasons.UPDATING if state == "Updating" else reasons.CREATING
        message = f"Azure says {state} for the group{_initialising(p)}."
        recorded = p.recorded == reason == reasons.CREATING and _only_looked(p)
        raise Wait(reason, message, after=_pace(p, 10.0), recorded=recorded)
    if p.status.fields.get("state") == power.STOPPED == power.wanted(p):
        p.status.unsay(conditions.CONTAINERS_HEALTHY)
        p.ready = (reasons.STOPPED, "The group is stopped, as the spec asks.")
        return
    if state == "Failed" and not why:
        raise Wait(
            reasons.PROVISIONING_FAILED,
            "Azure says that the last operation failed. It may still heal by itself.",
            after=health_interval,
        )
    _judge_containers(p, why, health_interval)


def _causes(p: Pass, body: Body) -> list[Cause]:
    if _ended_well(p) or p.status.fields.get("state") == power.STOPPED:
        return []  # events are kept, and tell of what was
    policy = p.spec.get("restartPolicy", "Always")
    return causes.found(body["properties"], policy, p.world.clock.now())


def _ill(p: Pass, why: list[Cause], after: float) -> Halt:
    told = "; ".join(cause.text for cause in why[:10])
    p.status.say(conditions.CONTAINERS_HEALTHY, "False", why[0].reason, told)
    if why[0].reason in causes.FINAL:
        return Stall(why[0].reason, told)
    return Unwell(why[0].reason, told, after=after)


def _judge_containers(p: Pass, why: list[Cause], health_interval: float) -> None:
    if why:
        raise _ill(p, why, health_interval)
    containers = p.status.fields.get("containers") or ()
    running = [c for c in containers if c.get("state") == "Running"]
    unwell = [c for c in containers if c not in running and not _did_its_work(p, c)]
    if running and not unwell:
        message = _told_running(len(running), len(containers))
        _say_healthy(p, reasons.RUNNING, message + (NO_ADDRESS if address.missing(p) else ""))
    elif _ended_well(p):
        message = "The group ran to its end."
        p.status.say(conditions.COMPLETED, "True", reasons.SUCCEEDED, message)
        _say_healthy(p, reasons.SUCCEEDED, message)
    elif p.status.fields.get("state") == "Stopped":
        raise _unwell(p, reasons.STOPPED, STOPPED_OUTSIDE, health_interval)
    elif _ended_badly(p):
        raise _failed(p, unwell, health_interval)
    else:
        raise _not_running(p, unwell, health_interval)


def _ended_well(p: Pass) -> bool:
    """Under Always, Succeeded is also said of a crash loop (azure.md section 6)."""
    return _runs_once(p) and p.status.fields.get("state") == "Succeeded"


def _ended_badly(p: Pass) -> bool:
    """Azure says Failed under Never alone, and may still run it again (azure.md section 6)."""
    never = p.spec.get("restartPolicy") == "Never"
    return never and p.status.fields.get("state") == "Failed"


def _failed(p: Pass, unwell: list[Mapping[str, Any]], health_interval: float) -> Stall:
    told = "; ".join(f"{c['name']}: {_told(c)}" for c in unwell[:10])
    message = f"The group ran to its end and failed ({told}). {RUN_AGAIN}"
    p.status.say(conditions.COMPLETED, "False", reasons.FAILED, message)
    p.status.say(conditions.CONTAINERS_HEALTHY, "False", reasons.FAILED, message)
    return Stall(reasons.FAILED, message, after=health_interval)


def _did_its_work(p: Pass, container: Mapping[str, Any]) -> bool:
    """In a run-once group one container may end well while others still run."""
    ended = container.get("state") == "Terminated" and container.get("exitCode") == 0
    return ended and _runs_once(p)


def _runs_once(p: Pass) -> bool:
    return bool(p.spec.get("restartPolicy", "Always") != "Always")


def _told_running(running: int, all_: int) -> str:
    if running == all_:
        return f"All {all_} containers run."
    return f"{running} of {all_} containers run, the others ended with exit code 0."


def _say_healthy(p: Pass, reason: str, message: str) -> None:
    p.status.say(conditions.CONTAINERS_HEALTHY, "True", reason, message)
    p.ready = (reason, message)


def _not_running(p: Pass, unwell: list[Mapping[str, Any]], health_interval: float) -> Wait:
    told = "; ".join(f"{c['name']}: {_told(c)}" for c in unwell[:10]) or "no container is listed"
    starting = all(c.get("state") in (None, "Waiting") for c in unwell)
    if starting and not any(c.get("restartCount") for c in unwell):
        message = f"Containers are starting ({told}{_initialising(p)})."
        return Wait(reasons.STARTING, message, after=_pace(p, health_interval))
    message = f"Containers do not run ({told})."
    return _unwell(p, reasons.CONTAINERS_NOT_RUNNING, message, health_interval)


def _initialising(p: Pass) -> str:
    """Name the init container that runs, which all containers wait for."""
    found = p.status.fields.get("initContainers") or ()
    running = [each["name"] for each in found if each.get("state") == "Running"]
    return f"; init container {running[0]} runs" if running else ""


def _unwell(p: Pass, reason: str, message: str, health_interval: float) -> Wait:
    p.status.say(conditions.CONTAINERS_HEALTHY, "False", reason, message)
    return Unwell(reason, message, after=health_interval)


def _told(container: Mapping[str, Any]) -> str:
    words = [container.get("state") or "unknown", container.get("detailStatus") or ""]
    if "exitCode" in container:
        words.append(causes.exit_text(container["exitCode"]))
    return ", ".join(word for word in words if word)


def _pace(p: Pass, slow: float) -> float:
    """Full pace for two minutes, then slower."""
    ready = conditions.find(p.started_as.status, conditions.READY)
    if ready.get("status") != "False":
        return p.world.pace.operation
    since = datetime.strptime(ready["lastTransitionTime"], "%Y-%m-%dT%H:%M:%SZ")
    waited = (p.world.clock.now() - since.replace(tzinfo=UTC)).total_seconds()
    return p.world.pace.operation if waited < PATIENCE else slow


def _identity(identity: Body) -> dict[str, Any]:
    """Absent, null and "null" are the same (azure.md section 2)."""
    named = _named(identity, "type", "principalId", "tenantId")
    attached = sorted((identity.get("userAssignedIdentities") or {}).items())
    users = [
        {"id": id_, **_named(entry or {}, "clientId", "principalId")} for id_, entry in attached
    ]
    return {**named, "userAssigned": users} if users else named


def _named(source: Body, *names: str) -> dict[str, Any]:
    return {name: source[name] for name in names if source.get(name) not in (None, "null")}


def _listed(properties: Body, section: str) -> list[dict[str, Any]]:
    return [_container(container) for container in properties.get(section) or ()]


def _container(container: Body) -> dict[str, Any]:
    view = (container.get("properties") or {}).get("instanceView") or {}
    current, previous = view.get("currentState") or {}, view.get("previousState") or {}
    ended = current if "exitCode" in current else previous
    found = {
        "name": container["name"],
        "state": current.get("state"),
        "detailStatus": (current.get("detailStatus") or "")[:DETAIL_LIMIT],
        "exitCode": ended.get("exitCode"),
        "restartCount": view.get("restartCount"),
        "startTime": current.get("startTime"),
        "finishTime": current.get("finishTime") or ended.get("finishTime"),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _tell_principal(p: Pass, now: str | None) -> None:
    """Warn where Azure shows another principal than before, while the spec still wants one."""
    before = (p.status.fields.get("identity") or {}).get("principalId")
    wanted = str((p.spec.get("identity") or {}).get("type"))
    if before and now != before and "SystemAssigned" in wanted:
        p.event(
            reasons.PRINCIPAL_CHANGED,
            f"The group's system-assigned identity is {now or 'none'} now; it was {before}. Grants "
            "that name the group follow, and its containers run meanwhile.",
            type_="Warning",
        )


def _say_identity(p: Pass) -> None:
    identity = p.status.fields.get("identity") or {}
    principals = [identity.get("principalId")] if identity.get("principalId") else []
    principals += [entry.get("principalId") for entry in identity.get("userAssigned") or ()]
    if not principals:
        p.status.unsay(conditions.IDENTITY_READY)
    elif all(principals):
        message = f"Principal IDs: {', '.join(map(str, principals))}."
        p.status.say(conditions.IDENTITY_READY, "True", reasons.PRINCIPAL_KNOWN, message)


def _tell_restarts(p: Pass) -> None:
    for section, word in (("initContainers", "Init container"), ("containers", "Container")):
        listed = p.object.status.get(section) or ()
        before = {each["name"]: each.get("restartCount", 0) for each in listed}
        for each in p.status.fields.get(section) or ():
            count = each.get("restartCount", 0)
            if count > before.get(each["name"], count):
                message = f"{word} {each['name']} was restarted ({count} times in all)."
                p.event(reasons.RESTARTED, message, type_="Warning")
