"""How long a grant took until a probe read the secret for the first time.

With `start: Immediately` a program inside meets 403s for so long. Probes come every 15 seconds
then, so the access may have had effect that much sooner.
"""

from __future__ import annotations

from datetime import datetime

from aci_operator.api import reasons
from aci_operator.reconcile import settling
from aci_operator.reconcile.context import Pass


def begin(p: Pass, *, stood: bool) -> None:
    """Note when the grant was written; what was seen of a former one no longer counts."""
    at = settling.written_at(p, stood=stood).strftime(settling.FORMAT)
    if p.started_as.status.get("grantWrittenAt") != at:
        p.status.set(firstReadAt=None, firstReadAfterSeconds=None, provedAt=None)
    p.status.set(grantWrittenAt=at)


def written(p: Pass) -> datetime:
    """Give when the grant was written."""
    return datetime.fromisoformat(str(p.status.fields["grantWrittenAt"]))


def happened(p: Pass, started: str) -> None:
    """Note a read; the first one is an event. `started`: when the container did, if known."""
    if "firstReadAt" in p.status.fields:
        return
    now = p.world.clock.now()
    after = max(0, round((now - written(p)).total_seconds()))
    p.status.set(firstReadAt=now.strftime(settling.FORMAT), firstReadAfterSeconds=after)
    message = f"The first read from inside succeeded {after} s after the grant was written"
    ran = _ran(started, now)
    if ran is not None:
        message += f", {ran} s after the container started"
    p.event(reasons.FIRST_READ, f"{message}.")


def _ran(started: str, now: datetime) -> int | None:
    try:
        began = datetime.fromisoformat(f"{started[:19]}+00:00")
    except ValueError:
        return None
    return max(0, round((now - began).total_seconds()))
