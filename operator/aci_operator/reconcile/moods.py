"""Azure's moods: how long one may last before a human is told, and how often it is told of."""

from __future__ import annotations

from aci_operator.api import conditions
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Mood, Stall, Wait
from aci_operator.reconcile.troubles import Trouble

STALLED_RETRY = 600.0
"""Seconds between two tries once a human was told."""


def judge(p: Pass, halt: Halt | None) -> Halt | None:
    """Give what the pass ends with: a mood that lasts too long is a Stall, and is told of.

    After a restart the patience begins anew, but what is Stalled stays so.
    """
    if not isinstance(halt, Mood):
        if not (isinstance(halt, Wait) and halt.transient):
            forget(p)
        return halt
    trouble, now = _trouble(p, halt.reason), p.world.clock.monotonic()
    if now - trouble.since >= halt.patience or _stalled_before(p, halt.reason):
        told = f"This has lasted {halt.patience / 60:g} min: {halt.message}"
        return Stall(halt.reason, told, after=STALLED_RETRY)
    if now - trouble.told >= halt.remind:
        trouble.told = now
        p.event(halt.reason, halt.message)
    return halt


def forget(p: Pass) -> None:
    """It is over, or the object is gone."""
    p.world.troubles.pop(p.object.key, None)


def _trouble(p: Pass, reason: str) -> Trouble:
    known, now = p.world.troubles.get(p.object.key), p.world.clock.monotonic()
    if known is None or (known.reason, known.generation) != (reason, p.generation):
        known = p.world.troubles[p.object.key] = Trouble(reason, p.generation, now, now)
    return known


def _stalled_before(p: Pass, reason: str) -> bool:
    said = conditions.find(p.started_as.status, conditions.STALLED)
    return (said.get("reason"), said.get("observedGeneration")) == (reason, p.generation)
