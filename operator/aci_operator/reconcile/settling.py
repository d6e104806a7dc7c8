"""How long a grant takes until it has effect, where nobody looks: the settle time.

Azure shows a grant at once and acts by it later: RBAC up to ten minutes, access policies some
seconds (azure.md section 15, knob 8). How long is [inf], so both are settings. The time counts
from one in status, so that a restart of the operator loses nothing and waiting writes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aci_operator.api import conditions, reasons
from aci_operator.engine.queue import Share
from aci_operator.reconcile.context import Pass

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def wrote(p: Pass) -> None:
    """Take note that something was given in this pass: what was effective counts anew."""
    p.status.set(grantWrittenAt=None)


def withdrawn(p: Pass) -> None:
    """Take back what was said: there is no grant."""
    p.status.set(grantWrittenAt=None)
    p.status.unsay(conditions.ACCESS_EFFECTIVE)


def say(p: Pass, settle_seconds: float, *, stood: bool, told: str = "") -> None:
    """Say `AccessEffective`, and come back when the settle time is over. Asks nobody.

    To be called once Azure shows the grant, before status says so. `stood` is whether status, as
    last written, says that it stood before; `told` is put behind the message.
    """
    written = written_at(p, stood=stood)
    p.status.set(grantWrittenAt=written.strftime(FORMAT))
    settle = timedelta(seconds=settle_seconds)
    left = (written + settle - p.world.clock.now()).total_seconds()
    if left > 0:
        until = (written + settle).strftime(FORMAT)
        message = f"Azure shows the grant; it is held to have effect at {until}.{told}"
        p.status.say(conditions.ACCESS_EFFECTIVE, "Unknown", reasons.PROPAGATING, message)
        p.again(left, Share.OPERATION)
        return
    message = f"It was written {_span(settle_seconds)} ago or more; nobody has looked.{told}"
    p.status.say(conditions.ACCESS_EFFECTIVE, "True", reasons.SETTLED, message)
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    if before.get("reason") != reasons.SETTLED:
        p.event(reasons.SETTLED, message)


def written_at(p: Pass, *, stood: bool) -> datetime:
    """Give when the grant was written, as status has it; what is new counts from now."""
    stored = p.status.fields.get("grantWrittenAt")
    if stored and stood:
        return datetime.fromisoformat(str(stored))
    now = p.world.clock.now().astimezone(UTC)
    return now if now.microsecond == 0 else now.replace(microsecond=0) + timedelta(seconds=1)


def _span(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
