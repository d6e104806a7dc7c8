"""A deletion that something is in the way of: it waits, and in the end asks somebody to act."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Stall, Wait

LOOK_AGAIN = 60.0
"""Seconds between two looks."""
PATIENCE = 600.0
"""Seconds after which somebody is asked to act (design 3.9)."""


class InTheWay(NamedTuple):
    """What holds a deletion up: its reason, what it is, what happens then, and the ways out."""

    reason: str
    what: str
    then: str
    ways_out: str


def halt(p: Pass, found: InTheWay) -> Halt:
    """Give the Wait, or the Stall once the deletion was asked for ten minutes ago."""
    since = datetime.fromisoformat(str(p.object.deletion_timestamp))
    if (p.world.clock.now() - since).total_seconds() < PATIENCE:
        return Wait(found.reason, f"{found.what} {found.then}", after=LOOK_AGAIN)
    return Stall(found.reason, f"{found.what} {found.ways_out}")
