"""Wishes of several objects about one resource, carried out together by whoever comes first.

While one call to the resource is under way, others wait for its lock; the next who gets it carries
out the wishes of all who have come meanwhile, and they find theirs done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from aci_operator.reconcile.locks import Locks

W = TypeVar("W")
R = TypeVar("R")


@dataclass(eq=False)
class _Wish(Generic[W]):
    value: W
    settled: bool = False
    outcome: Any = None


class Batches:
    """The wishes that wait, by resource and by what may be carried out together."""

    def __init__(self, locks: Locks) -> None:
        self._locks = locks
        self._waiting: dict[Hashable, list[_Wish[Any]]] = {}

    async def join(
        self,
        resource: tuple[str, Hashable],
        wish: W,
        carry_out: Callable[[Sequence[W]], Awaitable[Sequence[R | Exception]]],
    ) -> R:
        """Have a wish carried out, under the lock of the resource; give its outcome, or raise it.

        `resource` is an ARM ID, and what only wishes of one kind share: the operation, the
        session. `carry_out` gives an outcome for each wish; what it raises is everybody's.
        """
        arm_id, about = resource
        key = (arm_id.lower(), about)
        mine = _Wish(wish)
        self._waiting.setdefault(key, []).append(mine)
        try:
            async with self._locks.of(arm_id):
                if not mine.settled:
                    await self._settle(key, mine, carry_out)
        finally:
            self._forget(key, mine)
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        return cast("R", mine.outcome)

    async def _settle(
        self,
        key: Hashable,
        mine: _Wish[W],
        carry_out: Callable[[Sequence[W]], Awaitable[Sequence[R | Exception]]],
    ) -> None:
        """Carry out all that waits; who is cut off leaves the others' wishes to the next one."""
        taken = list(self._waiting[key])
        outcomes: Sequence[R | Exception]
        try:
            outcomes = await carry_out([wish.value for wish in taken])
        except Exception as error:
            outcomes = [error] * len(taken)
        for wish, outcome in zip(taken, outcomes, strict=True):
            wish.outcome, wish.settled = outcome, True
            self._forget(key, wish)

    def _forget(self, key: Hashable, wish: _Wish[Any]) -> None:
        waiting = self._waiting.get(key, [])
        if wish in waiting:
            waiting.remove(wish)
        if not waiting:
            self._waiting.pop(key, None)
