"""Reads of whole lists, shared by all objects that such a list tells about."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from aci_operator.engine.clock import Clock

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot(Generic[T]):
    """One complete list. It says nothing about what was written after `begun_at`."""

    begun_at: float
    """Monotonic seconds."""
    items: Mapping[str, T]


@dataclass
class _Flight:
    begun_at: float
    task: asyncio.Task[Snapshot[Any]]


class Sweeps:
    """The latest list per key; one read at a time feeds everyone who asks for it."""

    def __init__(self, clock: Clock | None = None, capacity: int = 1000) -> None:
        self._clock = clock or Clock()
        self._capacity = capacity
        self._flights: OrderedDict[Hashable, _Flight] = OrderedDict()
        self._running: set[asyncio.Task[Snapshot[Any]]] = set()

    async def read(
        self,
        key: Hashable,
        newer_than: float,
        fetch: Callable[[], Awaitable[Mapping[str, T]]],
    ) -> Snapshot[T]:
        """Give a list that was begun at `newer_than` (monotonic seconds) or later.

        Raises what `fetch` raised, to everyone who waited for that read; the next caller reads
        anew. A list of which one page failed is never kept, since it would tell of absences.
        """
        flight = self._flights.get(key)
        if flight is None or flight.begun_at < newer_than:
            flight = self._begin(key, fetch)
        # One caller that is cancelled must not take the read away from the others.
        return cast("Snapshot[T]", await asyncio.shield(flight.task))

    def forget(self, key: Hashable) -> None:
        """The next caller reads anew."""
        self._flights.pop(key, None)

    async def close(self) -> None:
        """Cancel the reads that still run."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _begin(self, key: Hashable, fetch: Callable[[], Awaitable[Mapping[str, T]]]) -> _Flight:
        begun_at = self._clock.monotonic()

        async def run() -> Snapshot[T]:
            return Snapshot(begun_at, await fetch())

        flight = _Flight(begun_at, asyncio.create_task(run(), name="sweep"))
        self._running.add(flight.task)
        flight.task.add_done_callback(lambda task: self._ended(key, task))
        self._flights[key] = flight
        self._flights.move_to_end(key)
        while len(self._flights) > self._capacity:
            self._flights.popitem(last=False)
        return flight

    def _ended(self, key: Hashable, task: asyncio.Task[Snapshot[Any]]) -> None:
        self._running.discard(task)
        failed = task.cancelled() or task.exception() is not None
        flight = self._flights.get(key)
        if failed and flight is not None and flight.task is task:
            del self._flights[key]
