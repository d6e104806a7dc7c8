"""What a spec says that cannot be, all of it at once and before Azure is asked; and what is risky.

A group that is there runs on as it was: the refusal keeps the spec from being written, no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aci_operator.api import reasons
from aci_operator.kinds.container_group import (
    cautions,
    confidential,
    identities_named,
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
    yield from placement.contradictions(spec)
    yield from confidential.contradictions(spec)


def require(p: Pass) -> None:
    """Raise one Stall that names every contradiction of the spec, with its way out."""
    found = [] if observes(p.object) else contradictions(p.spec)
    if found:
        raise Stall(found[0].reason, told(found), after=RETRY)


def warn(p: Pass) -> None:
    """Say once for each generation what is accepted and will perhaps not do what is meant."""
    if p.started_as.status.get("observedGeneration") == p.generation or observes(p.object):
        return
    for finding in cautions.cautions(p.spec):
        p.event(finding.reason, f"{finding.field}: {finding.text}", type_="Warning")


def told(found: Iterable[Finding]) -> str:
    """Write findings as one message."""
    lines = [f"{each.field}: {each.text}" for each in found]
    if len(lines) == 1:
        return lines[0]
    return f"{len(lines)} contradictions. " + " ".join(
        f"({number}) {line}" for number, line in enumerate(lines, 1)
    )


def of_doubles(field: str) -> Stall:
    """Give the refusal of an identity that is named twice: Azure compares without letter case."""
    return Stall(
        reasons.DUPLICATE_IDENTITY, f"{field} names the same identity twice. Take one out."
    )
