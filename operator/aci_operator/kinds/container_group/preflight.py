"""What a spec says that cannot be, all of it at once and before Azure is asked; and what is risky.

A group that is there runs on as it was: the refusal keeps the spec from being written, no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aci_operator.api import conditions, reasons
from aci_operator.kinds.container_group import (
    cautions,
    confidential,
    gpus,
    identities_named,
    injection,
    names,
    placement,
)
from aci_operator.kinds.container_group.findings import Finding, Spec
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall

RETRY = 600.0
"""Seconds; only a change of the spec helps."""


def contradictions(spec: Spec) -> list[Finding]:
    """List what contradicts itself, in the order of the fields. Pure."""
    return list(_all(spec))


def _all(spec: Spec) -> Iterator[Finding]:
    yield from names.contradictions(spec)
    yield from identities_named.contradictions(spec)
    yield from injection.contradictions(spec)
    yield from placement.contradictions(spec)
    yield from confidential.contradictions(spec)


def require(p: Pass) -> None:
    """Raise one Stall that names every contradiction of the spec, with its way out."""
    found = [] if observes(p.object) else contradictions(p.spec)
    if found:
        raise Stall(found[0].reason, told(found), after=RETRY)


async def warn(p: Pass, location: str) -> None:
    """Say once for each generation what is accepted and will perhaps not do what is meant.

    To be called right before the write. Whether it was said is kept in memory until Azure is as
    the generation says: a pass that waited for something before has said nothing.
    """
    synced = conditions.find(p.started_as.status, conditions.SYNCED)
    generation = p.generation
    said = (synced.get("observedGeneration"), p.world.warned.get(p.object.uid))
    if p.settled or generation in said:
        return
    p.world.warned[p.object.uid] = generation
    for finding in (*cautions.cautions(p.spec), *await gpus.cautions(p, location)):
        p.event(finding.reason, f"{finding.field}: {finding.text}", type_="Warning")


def told(found: Iterable[Finding]) -> str:
    """Write findings as one message, each with its way out while a condition holds them all.

    Where it does not, fields and reasons alone are told, and after those how many are left.
    """
    listed = list(found)
    lines = [f"{each.field}: {each.text}" for each in listed]
    if len(lines) == 1:
        return lines[0]
    whole = _numbered(lines, len(lines))
    return whole if _fits(whole) else _brief(listed)


def _numbered(lines: Sequence[str], all_: int) -> str:
    numbered = (f"({number}) {line}" for number, line in enumerate(lines, 1))
    return f"{all_} contradictions. {' '.join(numbered)}"


def _brief(found: Sequence[Finding]) -> str:
    """Tell as many as fit."""
    lines = [f"{each.field}: {each.reason}." for each in found]
    all_ = len(lines)
    for count in range(all_, 0, -1):
        more = f" And {all_ - count} more." if count < all_ else ""
        told = _numbered(lines[:count], all_) + more
        if _fits(told):
            return told
    return _numbered(lines[:1], all_)


def _fits(message: str) -> bool:
    return len(message.encode()) <= conditions.MESSAGE_LIMIT


def of_doubles(field: str) -> Stall:
    """Give the refusal of an identity that is named twice: Azure compares without letter case."""
    return Stall(
        reasons.DUPLICATE_IDENTITY, f"{field} names the same identity twice. Take one out."
    )
