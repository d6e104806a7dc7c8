"""The keyed work queue: which object is looked at next.

A key stands in it at most once, is never handed to two workers at once, and is never lost: what is
added while its key is being worked on comes back when that work is done. Among the keys that are
due, each share gets its part by weight (stride scheduling), so that neither a restart's flood nor a
poll can hold up a user's edit, and no edit storm can starve health and drift.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import OrderedDict, deque
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from aci_operator.api.objects import Key
from aci_operator.engine.clock import Clock


class Share(StrEnum):
    """Why an object is looked at, most urgent first; each reason has its share of the workers."""

    EDIT = "edit"
    WAKE = "wake"
    OPERATION = "operation"
    HEALTH = "health"
    DRIFT = "drift"


WEIGHTS = {Share.EDIT: 8, Share.WAKE: 4, Share.OPERATION: 4, Share.HEALTH: 2, Share.DRIFT: 1}
_RANK = {share: rank for rank, share in enumerate(Share)}


share_of_pass: ContextVar[Share | None] = ContextVar("share_of_pass", default=None)
"""Why the object of the running pass is looked at."""


def is_routine() -> bool:
    """Say whether the running pass is one that nobody waits for: health or drift."""
    return share_of_pass.get() in (Share.HEALTH, Share.DRIFT)


class Work(NamedTuple):
    """One key handed to one worker."""

    key: Key
    share: Share
    waited: float
    """Seconds between being due and being handed out."""


class Closed(Exception):
    """The queue hands out no more work."""


@dataclass
class _Entry:
    due: float
    share: Share

    def merge(self, other: _Entry) -> None:
        self.due = min(self.due, other.due)
        self.share = min(self.share, other.share, key=_RANK.__getitem__)


class WorkQueue:
    """Keys with due times and shares. For one event loop; nothing here is thread-safe."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._pending: dict[Key, _Entry] = {}
        """Every key that is to be handed out, now or later."""
        self._heap: list[tuple[float, int, Key]] = []
        """When to look at a pending key; an outdated row is skipped when it comes up."""
        self._due: dict[Share, OrderedDict[Key, None]] = {share: OrderedDict() for share in Share}
        self._strides: dict[Share, float] = dict.fromkeys(Share, 0.0)
        self._virtual = 0.0
        self._active: set[Key] = set()
        self._again: dict[Key, _Entry] = {}
        """What was added for keys that are being worked on."""
        self._sequence = itertools.count()
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_for: float | None = None
        self._closed = False

    def add(self, key: Key, share: Share, after: float = 0.0) -> None:
        """Hand out `key` in `after` seconds, or earlier if it already waits for an earlier time."""
        entry = _Entry(self._clock.monotonic() + max(after, 0.0), share)
        if key not in self._active:
            self._put(key, entry)
        elif key in self._again:
            self._again[key].merge(entry)
        else:
            self._again[key] = entry

    async def get(self) -> Work:
        """Wait for the next due key. It stays taken until `done`. Raises `Closed`."""
        while not self._closed:
            self.poke()
            share = self._next_share()
            if share is not None:
                return self._take(share)
            await self._wait()
        raise Closed

    def done(self, key: Key) -> None:
        """Give the key back; what was added for it meanwhile may be handed out now."""
        self._active.discard(key)
        entry = self._again.pop(key, None)
        if entry is not None:
            self._put(key, entry)

    def forget(self, key: Key) -> None:
        """Drop what waits for this key. Work that a worker holds goes on to its end."""
        self._again.pop(key, None)
        entry = self._pending.pop(key, None)
        if entry is not None:
            self._due[entry.share].pop(key, None)

    def depth(self) -> int:
        """How many keys are due and not yet in a worker's hands."""
        self.poke()
        return sum(len(keys) for keys in self._due.values())

    def waiting(self) -> int:
        """How many keys wait for their time."""
        return len(self._pending) + len(self._again) - self.depth()

    def next_due(self) -> float | None:
        """When the next key is due that waits for its time, in the clock's monotonic seconds."""
        self.poke()
        while self._heap and not self._row_counts(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def active(self) -> int:
        """How many keys workers hold."""
        return len(self._active)

    def close(self) -> None:
        """Hand out nothing more; everyone who waits gets `Closed`."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiters:
            self._wake_one()

    def poke(self) -> None:
        """Look at the clock again: what became due may be handed out."""
        now = self._clock.monotonic()
        while self._heap and self._heap[0][0] <= now:
            due, _, key = heapq.heappop(self._heap)
            entry = self._pending.get(key)
            if entry is not None and entry.due == due:
                self._ready(key, entry)
        self._arm(now)

    def _put(self, key: Key, entry: _Entry) -> None:
        waiting = self._pending.setdefault(key, entry)
        if waiting is not entry:
            before = waiting.share
            waiting.merge(entry)
            if waiting.share is not before:
                self._due[before].pop(key, None)
        now = self._clock.monotonic()
        if waiting.due <= now:
            self._ready(key, waiting)
        else:
            heapq.heappush(self._heap, (waiting.due, next(self._sequence), key))
            self._compact()
            self._arm(now)

    def _ready(self, key: Key, entry: _Entry) -> None:
        keys = self._due[entry.share]
        if key in keys:
            return
        if not keys:
            # A share that was empty may not claim the turns that it did not need meanwhile.
            self._strides[entry.share] = max(self._strides[entry.share], self._virtual)
        keys[key] = None
        self._wake_one()

    def _next_share(self) -> Share | None:
        due = [share for share in Share if self._due[share]]
        return min(due, key=lambda share: (self._strides[share], _RANK[share]), default=None)

    def _take(self, share: Share) -> Work:
        key, _ = self._due[share].popitem(last=False)
        self._virtual = self._strides[share]
        self._strides[share] += 1 / WEIGHTS[share]
        entry = self._pending.pop(key)
        self._active.add(key)
        return Work(key, share, self._clock.monotonic() - entry.due)

    async def _wait(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._wake_one()  # this turn was ours and we cannot take it
            elif waiter in self._waiters:
                self._waiters.remove(waiter)
            raise

    def _wake_one(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _arm(self, now: float) -> None:
        """Keep one timer, for the earliest time that stands in the heap."""
        earliest = self._heap[0][0] if self._heap and not self._closed else None
        if self._timer is not None:
            if self._timer_for == earliest:
                return
            self._timer.cancel()
            self._timer = None
        if earliest is None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # filled before the loop runs: the first `get` arms it
        self._timer_for = earliest
        self._timer = loop.call_later(max(earliest - now, 0.001), self._ring)

    def _ring(self) -> None:
        self._timer = None
        self.poke()

    def _compact(self) -> None:
        """Keys that were moved to an earlier time leave rows behind: drop them in bulk."""
        if len(self._heap) > 64 and len(self._heap) > 2 * len(self._pending):
            self._heap = [row for row in self._heap if self._row_counts(row)]
            heapq.heapify(self._heap)

    def _row_counts(self, row: tuple[float, int, Key]) -> bool:
        due, _, key = row
        entry = self._pending.get(key)
        return entry is not None and entry.due == due
