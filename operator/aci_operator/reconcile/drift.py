"""Drift: what differs from a generation that was reached has changed in Azure, not in the spec.

What to do about it is decided here for every kind: left alone, reported, corrected, or, where
somebody else keeps changing it back, contested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import STALLED_RETRY, Stall

Paths = tuple[str, ...]

LIMIT = 20
"""Paths that status lists: it must stay small."""
PATH_LIMIT = 256
"""Characters of a path that status keeps, as the CRDs say."""
CONTEST = 3
"""Corrections of one path within `WINDOW` after which it is contested (design section 2)."""
WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """Paths that differ, and why: edited in the spec, or else drifted in Azure."""

    paths: Paths
    edited: bool = False
    default: str = "Correct"
    """The driftPolicy of these paths where the spec names none."""
    lasting: bool = False
    """Whether Azure never changes these: they are reported, whatever spec and policy say."""


@dataclass(frozen=True)
class Decision:
    """What to write now; `corrected` is the part of it that is no edit."""

    write: Paths = ()
    corrected: Paths = ()


def reached(p: Pass) -> bool:
    """Whether Azure was as this generation says before; an adopted resource never had to be."""
    synced = conditions.find(p.started_as.status, conditions.SYNCED)
    if p.settled or synced.get("observedGeneration") == p.generation:
        return True
    return bool(p.status.fields.get("adopted")) and not synced


def unignored(p: Pass, paths: Paths) -> Paths:
    """Leave out what `ignoreDrift` names, exactly or as the beginning of a path."""
    patterns = [_pattern(text) for text in p.object.policy.get("ignoreDrift") or ()]
    return tuple(path for path in paths if not any(one.match(path) for one in patterns))


def unknown(patterns: Iterable[str], compared: Iterable[str]) -> list[str]:
    """List the patterns that are no path, and no beginning of one, that the kind compares.

    `compared` holds paths below spec; `[*]` stands for any name in brackets, a last `*` for any,
    a last `**` for all that goes on below.
    """
    known = [_segments(path) for path in compared]
    return [text for text in patterns if not any(_fits(_segments(text), one) for one in known)]


def refuse_unknown(p: Pass, compared: Sequence[str]) -> None:
    """Raise Stall/InvalidSpec for paths in `ignoreDrift` that the kind does not compare."""
    wrong = unknown(p.object.policy.get("ignoreDrift") or (), compared)
    if wrong:
        raise Stall(
            reasons.INVALID_SPEC,
            f"spec.operator.ignoreDrift names {', '.join(wrong)}, which is not compared with Azure "
            f"on a {p.object.key.kind}. Known paths: {', '.join(compared)}.",
        )


def decide(p: Pass, *found: Found) -> Decision:
    """Say what is to be written; report the rest.

    Raises Stall/DriftContested when all that would be corrected was corrected too often.
    """
    if not reached(p):
        p.status.set(driftCorrections=None)
    write, corrected, reported = (), (), ()  # type: tuple[Paths, Paths, Paths]
    for one in found:
        paths = unignored(p, one.paths)
        if one.lasting:
            reported += paths
        elif one.edited:
            write += paths
        elif p.object.policy.get("driftPolicy", one.default) == "Report":
            reported += paths
        else:
            corrected += paths
    say(p, reported) if reported else end(p)
    contested = tuple(path for path in corrected if len(_times(p, path)) >= CONTEST)
    rest = tuple(path for path in corrected if path not in contested)
    if contested and not (write or rest):
        raise _contested(p, contested)
    return Decision(write + rest, rest)


def corrected(p: Pass, paths: Paths) -> None:
    """Remember in status that drift in these paths has just been corrected."""
    if not paths:
        return
    now = p.world.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    times = {entry["path"]: _times(p, entry["path"]) for entry in _noted(p)}
    for path in paths[:LIMIT]:
        times[path[:PATH_LIMIT]] = [*_times(p, path), now][-CONTEST:]
    newest = sorted(((path, at) for path, at in times.items() if at), key=lambda e: e[1][-1])
    p.status.set(driftCorrections=[{"path": path, "at": at} for path, at in newest[-LIMIT:]])


def say(p: Pass, paths: Paths) -> None:
    """Report drift by path, in `status.drift` and in a condition."""
    p.status.set(drift=[path[:PATH_LIMIT] for path in paths[:LIMIT]])
    listed = ", ".join(paths[:LIMIT])
    more = f" and {len(paths) - LIMIT} more" if len(paths) > LIMIT else ""
    message = f"Azure differs from the spec in {listed}{more}. It is reported, not corrected."
    before = conditions.find(p.object.status, conditions.DRIFTED)
    p.status.say(conditions.DRIFTED, "True", reasons.DRIFTED, message)
    if before.get("message") != message:
        p.event(reasons.DRIFTED, message, type_="Warning")


def end(p: Pass) -> None:
    """Say that reported drift is over; nothing is said where none was reported."""
    p.status.set(drift=None)
    if conditions.is_true(p.object.status, conditions.DRIFTED):
        p.status.say(
            conditions.DRIFTED, "False", reasons.NO_DRIFT, "Azure is as the spec says again."
        )


def _contested(p: Pass, paths: Paths) -> Stall:
    oldest = min(_parsed(_times(p, path)[0]) for path in paths)
    left = (oldest + WINDOW - p.world.clock.now()).total_seconds()
    listed = ", ".join(paths[:LIMIT])
    return Stall(
        reasons.DRIFT_CONTESTED,
        f"Somebody keeps changing {listed}: corrected {CONTEST} times within an hour, and changed "
        "again. It is left as it is for now. Find who writes it; or name it in "
        "spec.operator.ignoreDrift, or set spec.operator.driftPolicy to Report.",
        after=max(min(left, p.world.pace.poll), STALLED_RETRY),
    )


def _noted(p: Pass) -> list[dict[str, Any]]:
    return list(p.status.fields.get("driftCorrections") or ())


def _times(p: Pass, path: str) -> list[str]:
    """Give when a path was corrected within the last hour."""
    since = p.world.clock.now() - WINDOW
    noted = next((e["at"] for e in _noted(p) if e["path"] == path[:PATH_LIMIT]), ())
    return [at for at in noted if _parsed(at) > since]


def _parsed(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _pattern(text: str) -> re.Pattern[str]:
    """A path fits as a whole, or if it goes on below with `.` or `[`."""
    quoted = re.escape(text.removeprefix("spec.")).replace(r"\[\*\]", r"\[[^]]*\]")
    return re.compile(rf"spec\.{quoted}(?:$|[.\[])")


_SEGMENT = re.compile(r"\[[^]]*\]|[^.\[\]]+")


def _segments(text: str) -> list[str]:
    path = text.removeprefix("spec.")
    head, _, name = path.partition(".")
    # A tag's name may hold any sign, so what follows `tags.` is one name.
    return [head, name] if head == "tags" and name else _SEGMENT.findall(path)


def _fits(asked: list[str], known: list[str]) -> bool:
    if known[-1] == "**":
        known = [*known[:-1], *["*"] * len(asked)]
    if not asked or len(asked) > len(known):
        return False
    return all(map(_same, asked, known))


def _same(asked: str, known: str) -> bool:
    if known == "[*]":
        return asked.startswith("[")
    return known in ("*", asked)
