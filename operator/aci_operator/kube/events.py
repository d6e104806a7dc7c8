"""Kubernetes events: what happened to an object, for `kubectl describe`.

Recording never waits and never fails: it puts a note on a bounded queue that one task posts from.
The same note within ten minutes is counted, not posted again.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from aci_operator.api.objects import API_VERSION, GROUP, Key, Object
from aci_operator.kube import paths
from aci_operator.kube.client import MERGE_PATCH, Kube
from aci_operator.kube.errors import KubeError, Stale
from aci_operator.telemetry.metrics import Metrics

EventType = Literal["Normal", "Warning"]

REPEAT_SECONDS = 600.0
_QUEUE = 1000
_REMEMBERED = 10_000
_NOTE_BYTES = 1024
_DRAIN_SECONDS = 2.0
_CONTROLLER = f"{GROUP}/aci-operator"


@dataclass
class _Seen:
    posted_at: float
    count: int


@dataclass(frozen=True)
class _Note:
    key: Key
    uid: str
    type_: EventType
    reason: str
    message: str
    count: int
    at: datetime

    @property
    def name(self) -> str:
        """The same note of the same object always has the same name, after a restart too."""
        text = "\0".join((self.uid, self.reason, self.message))
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        return f"{self.key.name[:200].rstrip('.-')}.{digest}"


class Recorder:
    """Takes notes and posts them in the background, from `start` until `close`."""

    def __init__(self, kube: Kube, metrics: Metrics | None = None) -> None:
        self._kube = kube
        self._metrics = metrics or Metrics()
        self._notes: asyncio.Queue[_Note] = asyncio.Queue(_QUEUE)
        self._seen: OrderedDict[tuple[str, str, str], _Seen] = OrderedDict()
        self._poster: asyncio.Task[None] | None = None
        self._instance = os.environ.get("HOSTNAME") or socket.gethostname()

    def record(self, obj: Object, type_: EventType, reason: str, message: str) -> None:
        """Note that something happened. `message` is cut to 1 KiB and must hold no secret."""
        message = message.encode()[:_NOTE_BYTES].decode(errors="ignore")
        loop = asyncio.get_running_loop()
        identity = (obj.uid, reason, message)
        seen = self._seen.get(identity)
        if seen is not None and loop.time() - seen.posted_at < REPEAT_SECONDS:
            seen.count += 1
            self._metrics.events.labels("repeated").inc()
            return
        count = seen.count + 1 if seen else 1
        note = _Note(obj.key, obj.uid, type_, reason, message, count, datetime.now(UTC))
        try:
            self._notes.put_nowait(note)
        except asyncio.QueueFull:
            self._metrics.events.labels("dropped").inc()
            return
        self._remember(identity, _Seen(loop.time(), count))

    def start(self) -> None:
        """Begin to post."""
        self._poster = asyncio.create_task(self._post_forever(), name="event poster")

    async def close(self) -> None:
        """Post what is left, for two seconds at most, then stop."""
        if self._poster is None:
            return
        try:
            await asyncio.wait_for(self._notes.join(), _DRAIN_SECONDS)
        except TimeoutError:
            self._metrics.events.labels("dropped").inc(self._notes.qsize())
        self._poster.cancel()
        await asyncio.gather(self._poster, return_exceptions=True)
        self._poster = None

    def _remember(self, identity: tuple[str, str, str], seen: _Seen) -> None:
        self._seen[identity] = seen
        self._seen.move_to_end(identity)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    async def _post_forever(self) -> None:
        while True:
            note = await self._notes.get()
            try:
                await self._post(note)
                self._metrics.events.labels("posted").inc()
            except KubeError:
                # An event is a courtesy: a terminating namespace takes none, for example.
                self._metrics.events.labels("failed").inc()
            finally:
                self._notes.task_done()

    async def _post(self, note: _Note) -> None:
        try:
            await self._kube.post(paths.of_events(note.key.namespace), self._body(note))
        except Stale:
            # It was posted before and still stands: only its series may be changed.
            series = {"count": max(note.count, 2), "lastObservedTime": _micro_time(note.at)}
            path = f"{paths.of_events(note.key.namespace)}/{note.name}"
            await self._kube.patch(path, {"series": series}, MERGE_PATCH)

    def _body(self, note: _Note) -> dict[str, Any]:
        regarding = {
            "apiVersion": API_VERSION,
            "kind": note.key.kind,
            "name": note.key.name,
            "uid": note.uid,
        }
        if note.key.namespace:
            regarding["namespace"] = note.key.namespace
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": note.name, "namespace": note.key.namespace or "default"},
            "eventTime": _micro_time(note.at),
            "reportingController": _CONTROLLER,
            "reportingInstance": self._instance[:128],
            "action": "Reconcile",
            "reason": note.reason,
            "type": note.type_,
            "regarding": regarding,
            "note": note.message,
        }


def _micro_time(at: datetime) -> str:
    """RFC 3339 with microseconds, as `eventTime` wants it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
