"""What objects do one after the other, each over several passes: no worker waits for a turn."""

from __future__ import annotations

from collections.abc import Callable

from aci_operator.api.objects import Key
from aci_operator.reconcile.context import Pass

Claims = Callable[[Key], bool]
"""Whether an object that has a turn still makes use of it."""


def take(p: Pass, arm_id: str, claims: Claims, begun: Callable[[], Key | None]) -> Key | None:
    """Take the turn on an ARM ID; give the object that has it instead.

    `begun` finds one that began before this process did, which is in nobody's memory.
    """
    turns, key = p.world.turns, p.object.key
    holder = turns.holder(arm_id)
    if holder is not None and not claims(holder):
        holder = None
    if holder is None:
        holder = begun()
    if holder is None or holder == key:
        turns.take(arm_id, key)
        return None
    turns.wait(arm_id, key)
    return holder


def give_up(p: Pass) -> None:
    """This object has had its turns, or needs none any more: wake those that wait for them."""
    for waiting in p.world.turns.give_up(p.object.key):
        p.world.wake(waiting)
