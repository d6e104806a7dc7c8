"""The machine: what is observed goes into the store, and who is concerned goes on the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from aci_operator.api.objects import Key, Object
from aci_operator.engine.ages import conditions, deleting, measure, restarts, suspended
from aci_operator.engine.backoff import backoff
from aci_operator.engine.clock import Clock
from aci_operator.engine.queue import Share
from aci_operator.engine.store import Change, Store, is_newer
from aci_operator.engine.wakeups import Published, first_share, wakeups
from aci_operator.engine.workers import STOP_SECONDS, Workers
from aci_operator.telemetry.logs import logger
from aci_operator.telemetry.metrics import QUEUE
from aci_operator.telemetry.tables import DELETING, RESTARTS, SUSPENDED

log = logger(__name__)

ListKind = Callable[[str], Awaitable[list[Object]]]
"""All objects of one kind in the cluster, straight from the API server."""

RESYNC_SECONDS = 600.0


@dataclass(frozen=True)
class Lists:
    """Where the machine reads whole kinds from, at the start and against ghosts."""

    kinds: tuple[str, ...]
    list_kind: ListKind
    every: float = RESYNC_SECONDS
    transient: type[Exception] = OSError
    """What `list_kind` raises when trying again may help."""
    first: float = 1.0
    """Seconds after the start until it is asked what the watch has not delivered by then."""


class Machine:
    """Store, queue and workers as one; knows objects, but no kind."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        published: Published,
        lists: Lists,
        clock: Clock | None = None,
    ) -> None:
        self.store = store
        self.queue = workers.queue
        self.ready = False
        """Whether every kind was listed, so that the store may be believed."""
        self._workers = workers
        self._published = published
        self._lists = lists
        self._metrics = workers.metrics
        self._clock = clock or Clock()
        self._undelivered: dict[Key, tuple[Object, float]] = {}
        """What a list knew before the watch told us, and since when (monotonic)."""
        self._resyncing: asyncio.Task[None] | None = None
        self._metrics.objects.set_function(lambda: len(store))
        self._metrics.watch_conditions(lambda: conditions(store, lists.kinds))
        self._show_tables()
        self._metrics.watch_deaf_seconds.set_function(self.deaf_for)

    def _show_tables(self) -> None:
        store, kinds = self.store, self._lists.kinds
        self._metrics.watch_table(SUSPENDED, lambda: suspended(store, kinds))
        self._metrics.watch_table(RESTARTS, lambda: restarts(store, kinds))
        self._metrics.watch_table(DELETING, lambda: deleting(store, kinds, self._clock.now()))

    def observe(self, body: Mapping[str, Any]) -> None:
        """Take in what the watch says of an object that exists."""
        obj = Object.parse(body)
        self._delivered(obj)
        self.learn(obj)

    def vanish(self, body: Mapping[str, Any]) -> None:
        """Take in that the watch says an object is gone."""
        obj = Object.parse(body)
        self.lose(obj.key, obj.uid)

    def learn(self, obj: Object) -> None:
        """Take in the answer to a write of ours or to a read."""
        self._follow(self.store.put(obj))

    def lose(self, key: Key, uid: str) -> None:
        """Take in that the API server does not know this object (any more)."""
        missed = self._undelivered.get(key)
        if missed is not None and missed[0].uid == uid:
            del self._undelivered[key]  # if the watch never saw the object, it cannot tell its end
        change = self.store.remove(key, uid)
        if change is not None:
            self.queue.forget(key)
        self._follow(change)

    def wake(self, key: Key, share: Share, after: float = 0.0) -> None:
        """Have an object looked at for a reason that stands in no watched object."""
        self.queue.add(key, share, after)
        self._metrics.queue_adds.labels(QUEUE, share).inc()

    async def start(self) -> None:
        """List every kind, then begin to work: no pass ever sees half a store.

        Tries again while the API server cannot be reached; raises what else `list_kind` raises.
        """
        await asyncio.gather(*(self._seed(kind) for kind in self._lists.kinds))
        for kind in self._lists.kinds:
            for obj in self.store.of_kind(kind):
                self.wake(obj.key, first_share(obj))
        self.ready = True
        self._workers.start()
        self._resyncing = asyncio.create_task(self._resync_forever(), name="resync")

    async def stop(self, within: float = STOP_SECONDS) -> bool:
        """Take no new work; let passes end for `within` seconds, then cut them off: then False."""
        self.ready = False
        if self._resyncing is not None:
            self._resyncing.cancel()
            await asyncio.gather(self._resyncing, return_exceptions=True)
            self._resyncing = None
        return await self._workers.stop(within)

    async def resync(self) -> None:
        """Compare the store with a list of each kind, and take over what the watch did not tell."""
        for kind in self._lists.kinds:
            before = {obj.uid for obj in self.store.of_kind(kind)}
            listed = await self._lists.list_kind(kind)
            for obj in listed:
                self._compare(obj)
            self._drop_ghosts(kind, before - {obj.uid for obj in listed})

    def deaf_for(self) -> float:
        """Seconds since a list showed a change that the watch still has not delivered."""
        if not self._undelivered:
            return 0.0
        return self._clock.monotonic() - min(since for _, since in self._undelivered.values())

    def _follow(self, change: Change | None) -> None:
        if change is None or not self.ready:
            return
        measure(change, self._clock.now(), self._metrics)
        for key, share in wakeups(self.store, change, self._published):
            self.wake(key, share)

    def _compare(self, obj: Object) -> None:
        change = self.store.put(obj)
        if change is not None:
            self._undelivered.setdefault(obj.key, (obj, self._clock.monotonic()))
        self._follow(change)

    def _delivered(self, obj: Object) -> None:
        missed = self._undelivered.get(obj.key)
        if missed is not None and (missed[0].uid != obj.uid or not is_newer(missed[0], obj)):
            del self._undelivered[obj.key]

    def _drop_ghosts(self, kind: str, gone: Collection[str]) -> None:
        """Forget objects that were known before the list began and do not stand in it.

        An object that appeared meanwhile is none: it may be younger than the list.
        """
        for obj in [obj for obj in self.store.of_kind(kind) if obj.uid in gone]:
            self._metrics.ghosts.inc()
            log.info("gone unseen", kind=kind, namespace=obj.key.namespace, name=obj.key.name)
            self.lose(obj.key, obj.uid)

    async def _seed(self, kind: str) -> None:
        failures = 0
        while True:
            try:
                listed = await self._lists.list_kind(kind)
                break
            except self._lists.transient as error:
                failures += 1
                log.warning("cannot list yet", kind=kind, error=type(error).__name__)
                await asyncio.sleep(min(backoff(failures, lambda: 0.5), 30.0))
        for obj in listed:
            self.store.put(obj)
            self._undelivered[obj.key] = (obj, self._clock.monotonic())

    async def _resync_forever(self) -> None:
        # An object deleted between our first list and the watch's own is in neither's news, so
        # what the watch leaves unsaid after the start is soon asked for.
        pause = self._lists.first
        while True:
            await asyncio.sleep(min(pause, self._lists.every))
            try:
                if self._undelivered or pause >= self._lists.every:
                    await self.resync()
            except Exception as error:
                log.warning("resync failed, tried again next time", error=type(error).__name__)
            pause = min(pause * 2, self._lists.every)
