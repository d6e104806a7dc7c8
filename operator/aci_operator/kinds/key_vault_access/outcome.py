"""What a look means for `AccessEffective`, and when to look again."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from aci_operator.api import conditions, reasons
from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault_access import first_read
from aci_operator.kinds.key_vault_access.look import Verdict
from aci_operator.kinds.key_vault_access.vantage import Nowhere
from aci_operator.reconcile import settling
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import poll_interval
from aci_operator.reconcile.world import Probed

SUCCESSES = 3
"""In a row, until a grant counts as proved (design 3.6)."""
PAUSE = 5.0
"""Seconds between two of them."""
RETRY = 15.0
"""Seconds after one that failed, while the grant may still propagate."""
PATIENCE = 90.0
"""Seconds for which trouble that may pass is not told: the identity endpoint of a container that
has just started answers after tens of seconds (azure.md section 9)."""
_NOT_RUN = " spec.probe is not run: "
_NOT_SEEN = " Nobody looks now: "


class Settle(NamedTuple):
    """How the settle time counts: its seconds, whether status says that the grant stood before, and
    what says what is put behind a message about it."""

    seconds: float
    stood: bool
    told: Callable[[], str] = str


class Read(NamedTuple):
    """The secret was read: with which tool, in a container that started when ("" if not known)."""

    tool: str
    started: str = ""


def nowhere(p: Pass, settle: Settle, why: Nowhere) -> None:
    """What a probe has seen stands while nobody can look; what it has not seen, time tells."""
    before = _before(p)
    seen = before.get("reason") == reasons.PROVED or before.get("status") == "False"
    if why.how != "never" and seen:
        p.again(p.world.pace.health, Share.HEALTH)
        return
    if why.how == "held":
        _say(p, "Unknown", reasons.PROPAGATING, f"A probe is to look: {why.why}")
        p.again(RETRY, Share.HEALTH)
        return
    told = f"{_NOT_RUN}{why.why}"
    if why.how == "never" and told not in str(before.get("message")):
        p.event(reasons.PROBE_NOT_RUN, told.strip(), type_="Warning")
    settling.say(p, settle.seconds, stood=settle.stood, told=settle.told() + told)


def succeeded(p: Pass, known: Probed, seen: Read) -> None:
    """Count a read; the third in a row proves the grant."""
    known.count += 1
    known.failing = None
    first_read.happened(p, seen.started)
    before = _before(p)
    proved = known.count >= SUCCESSES or before.get("reason") == reasons.PROVED
    now = p.world.clock.monotonic()
    known.due = now + (poll_interval(p) if known.count >= SUCCESSES else PAUSE)
    if not proved:
        _say(p, "Unknown", reasons.PROPAGATING, "A probe reads the secret; it is looked at again.")
        return
    message = (
        f"A probe read the secret from inside the container with {seen.tool}, three times in a row."
    )
    if before.get("reason") != reasons.PROVED:
        p.status.set(provedAt=p.world.clock.now().strftime(settling.FORMAT))
        p.event(reasons.PROVED, message)
    _say(p, "True", reasons.PROVED, message)


def failed(p: Pass, known: Probed, verdict: Verdict, *, over: bool) -> None:
    """A failure is a fault once the settle time is over, or where the grant had effect before."""
    now = p.world.clock.monotonic()
    known.count = 0
    known.failing = now if known.failing is None else known.failing
    worked = _before(p).get("status") == "True" or "provedAt" in p.status.fields
    due = verdict.at_once or ((over or worked) and not verdict.passing)
    tell = due or ((over or worked) and now - known.failing >= PATIENCE)
    slow = tell and (over or worked or verdict.blind)
    known.due = now + (p.world.pace.health if slow else RETRY)
    if tell and verdict.blind:
        _blind(p, verdict)
    elif tell:
        message = f"A probe from inside the container cannot read the secret: {verdict.text}"
        _say(p, "False", verdict.reason, message)
        _warn(p, verdict.reason, message)
    elif not worked:
        text = f"A probe has not read the secret yet: {verdict.text}"
        _say(p, "Unknown", reasons.PROPAGATING, text)


def _blind(p: Pass, verdict: Verdict) -> None:
    """Nothing is known of the access: what had effect keeps it, with a word that nobody looks."""
    before = _before(p)
    status, reason, message = (str(before.get(k)) for k in ("status", "reason", "message"))
    if status in ("True", "False"):
        message = message.partition(_NOT_SEEN)[0] + _NOT_SEEN + verdict.text
        if _NOT_SEEN not in str(before.get("message")):
            p.event(verdict.reason, _NOT_SEEN.strip() + " " + verdict.text, type_="Warning")
        _say(p, status, reason, message)
        return
    message = f"Whether the access has effect is not known: {verdict.text}"
    _say(p, "Unknown", verdict.reason, message)
    _warn(p, verdict.reason, message)


def _warn(p: Pass, reason: str, message: str) -> None:
    if _before(p).get("reason") != reason:
        p.event(reason, message, type_="Warning")


def _before(p: Pass) -> dict[str, object]:
    return dict(conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE))


def _say(p: Pass, status: str, reason: str, message: str) -> None:
    p.status.say(conditions.ACCESS_EFFECTIVE, status, reason, message)
