"""When a group's instance view is due: a LIST never has one, so each view costs a GET."""

from __future__ import annotations

from aci_operator.engine.queue import Share
from aci_operator.reconcile import policies
from aci_operator.reconcile.context import Pass


def interval(p: Pass) -> float:
    """Give the seconds between two views: the object's wish, else the setting."""
    return policies.interval(p, "healthInterval", p.world.pace.health)


def due(p: Pass, arm_id: str) -> bool:
    """Whether it is time for a view; after a start, views are spread over one interval."""
    now = p.world.clock.monotonic()
    viewed = p.world.viewed.setdefault(arm_id.lower(), now - p.world.random.uniform(0, interval(p)))
    return now - viewed >= interval(p)


def viewed(p: Pass, arm_id: str) -> None:
    """Remember that a view was just read."""
    p.world.viewed[arm_id.lower()] = p.world.clock.monotonic()


def again(p: Pass, arm_id: str) -> None:
    """Ask for the next pass when the next view is due."""
    last = p.world.viewed[arm_id.lower()]
    left = last + interval(p) - p.world.clock.monotonic()
    jitter = p.world.random.uniform(0, 0.05) * interval(p)
    p.again(max(left, 0.0) + jitter, Share.HEALTH)
