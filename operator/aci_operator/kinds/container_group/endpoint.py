"""Whether the identity endpoint inside a group still answers, as far as a probe of a grant tells.

Some groups of 2020 gave no token ever again after a change in place (azure.md section 9, knob 6,
[iss]), and the change that `start: AfterAccess` ends with is one. Nothing that Azure shows of the
group tells of it: only a grant with `spec.probe` sees it (`NoToken`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from aci_operator.api import conditions, reasons
from aci_operator.api.objects import Object
from aci_operator.engine.queue import Share
from aci_operator.kinds.container_group import awaited
from aci_operator.reconcile import probes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall

SLOWEST = 120.0
"""Seconds; a new endpoint may need a minute (azure.md section 9), and twice that is no delay."""


def look_soon(p: Pass) -> None:
    """Have the probes look again, now that a change in place has restarted the containers."""
    due = p.world.clock.monotonic() + p.world.pace.health
    for grant in _probing(p):
        if grant.uid in p.world.probed:
            p.world.probed[grant.uid].due = due
        p.world.wake(grant.key)


def require(p: Pass) -> None:
    """Raise Stall where a probe has got no token for longer than a new endpoint may need."""
    if p.status.fields.get("state") != "Running" or p.status.fields.get("placeholder"):
        return
    dead = [grant for grant in _probing(p) if _tokenless(grant)]
    if not dead:
        _heal(p)
        return
    patience = max(SLOWEST, 2 * p.world.pace.health)
    since = max(_since(p, dead[0]), *_starts(p))
    left = (since + timedelta(seconds=patience) - p.world.clock.now()).total_seconds()
    if left > 0:
        p.again(left, Share.HEALTH)
        return
    message = _message(dead[0])
    p.status.say(conditions.ACCESS_EFFECTIVE, "False", reasons.IDENTITY_ENDPOINT_DEAD, message)
    raise Stall(reasons.IDENTITY_ENDPOINT_DEAD, message)


def _probing(p: Pass) -> Iterator[Object]:
    """Give the grants of `waitFor` whose probe looks from inside this group."""
    for key in awaited.keys(p.started_as):
        grant = p.world.store.get(key)
        ref = probes.group_of(grant) if grant is not None else None
        if grant is None or ref is None:
            continue
        named = ref.id is not None and ref.id.lower() == str(p.status.fields.get("id")).lower()
        if named or ref.key(grant.key.namespace) == p.object.key:
            yield grant


def _tokenless(grant: Object) -> bool:
    said = conditions.find(grant.status, conditions.ACCESS_EFFECTIVE)
    return (said.get("status"), said.get("reason")) == ("False", reasons.NO_TOKEN)


def _since(p: Pass, grant: Object) -> datetime:
    said = conditions.find(grant.status, conditions.ACCESS_EFFECTIVE)
    return datetime.fromisoformat(said["lastTransitionTime"])


def _starts(p: Pass) -> Iterator[datetime]:
    for container in p.status.fields.get("containers") or ():
        if container.get("startTime"):
            yield datetime.fromisoformat(f"{container['startTime'][:19]}+00:00")


def _heal(p: Pass) -> None:
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    if before.get("reason") == reasons.IDENTITY_ENDPOINT_DEAD:
        message = "The identity endpoint gives tokens again."
        p.status.say(conditions.ACCESS_EFFECTIVE, "True", reasons.ACCESS_READY, message)
        p.event(reasons.ACCESS_READY, message)


def _message(grant: Object) -> str:
    return (
        f"The identity endpoint inside the group gives no token since its containers were changed "
        f"in place (seen by the probe of {grant.key.kind} {grant.key.name}). The group is not "
        "replaced by itself. Ways out: give the access to a user-assigned identity, which "
        "spec.operator.start: AfterAccess starts without a change in place; or set "
        "spec.operator.start to Immediately, delete this object and apply it again; stopping and "
        "starting the group (spec.operator.powerState) may help too."
    )
