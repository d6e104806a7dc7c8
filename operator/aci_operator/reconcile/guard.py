"""The guard against an emptied folder: very many deletions at once wait for a word from somebody.

A GitOps tool whose folder was emptied, or that lost its path, prunes everything that it had made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import ACCOUNTS
from aci_operator.api.objects import GROUP, Object

CONFIRMED = f"{GROUP}/deletion-confirmed"
"""The annotation that lets an object's deletion go on, with the value `true`."""
WITHIN = 300.0
"""Seconds; deletions that lie further back are no longer counted."""
COUNT, SHARE = 20, 0.2
"""What has to be exceeded, both, for deletions to be held."""


def too_many(deleted: int, everything: int) -> bool:
    """Whether so many of so many objects, the deleted ones included, look like a mistake."""
    return deleted > COUNT and deleted > SHARE * everything


@dataclass
class Guard:
    """What was let go of lately. One per operator, and only where the setting is on."""

    ending: Callable[[str], Awaitable[bool]]
    """Whether a namespace is being deleted: then its objects are not counted and not held."""
    _let_go: dict[str, tuple[float, str]] = field(default_factory=dict)
    """uid -> when its deletion was asked for, and its namespace."""

    async def holds(self, object_: Object, known: Iterable[Object], now: float) -> bool:
        """Whether this object's deletion is to wait. `now` is in seconds since the epoch."""
        if not _may_be_held(object_):
            return False
        if _held_before(object_):
            return not await self.ending(object_.key.namespace)
        if await self._emptied(list(known), now):
            return not await self.ending(object_.key.namespace)
        self._let_go[object_.uid] = (_since(object_), object_.key.namespace)
        return False

    async def _emptied(self, known: list[Object], now: float) -> bool:
        counted = [object_ for object_ in known if object_.key.kind not in ACCOUNTS]
        uids = {object_.uid for object_ in counted}
        self._let_go = {u: at for u, at in self._let_go.items() if now - at[0] <= WITHIN}
        gone = [place for uid, (_, place) in self._let_go.items() if uid not in uids]
        recent = [
            object_.key.namespace
            for object_ in counted
            if object_.deleting and now - _since(object_) <= WITHIN
        ]
        places = [object_.key.namespace for object_ in counted]
        if not too_many(len(recent) + len(gone), len(places) + len(gone)):
            return False
        ending = {place for place in {*recent, *gone} if await self.ending(place)}
        deleted = [place for place in (*recent, *gone) if place not in ending]
        everything = [place for place in (*places, *gone) if place not in ending]
        return too_many(len(deleted), len(everything))


def _may_be_held(object_: Object) -> bool:
    confirmed = object_.annotations.get(CONFIRMED) == "true"
    stays = object_.policy.get("deletionPolicy") == "Retain"
    return not (confirmed or stays or object_.key.kind in ACCOUNTS or _begun(object_))


def _begun(object_: Object) -> bool:
    return _reason(object_) == reasons.DELETING


def _held_before(object_: Object) -> bool:
    """What was held stays held after the five minutes, and over a restart of the operator."""
    return _reason(object_) == reasons.DELETION_HELD


def _reason(object_: Object) -> object:
    return conditions.find(object_.status, conditions.READY).get("reason")


def _since(object_: Object) -> float:
    return datetime.fromisoformat(object_.deletion_timestamp or "").timestamp()
