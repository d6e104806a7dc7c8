"""What the changes of objects tell for metrics: how long they took, and how they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aci_operator.api.conditions import ACCESS_EFFECTIVE, DRIFTED, PAUSED, READY, find, is_true
from aci_operator.engine.store import Change, Store
from aci_operator.telemetry.metrics import Metrics
from aci_operator.telemetry.tables import Row


def measure(change: Change, now: datetime, metrics: Metrics) -> None:
    """Observe how long it took until an object was first Ready, a deleted one gone, drift over."""
    old, new = change.old, change.new
    if new is None:
        if old is not None and old.deletion_timestamp is not None:
            age = _age(old.deletion_timestamp, now)
            metrics.deletion.labels(old.key.kind).observe(age)
        return
    _measure_drift(change, now, metrics)
    _measure_grant(change, now, metrics)
    seen_unready = old is not None and old.uid == new.uid and not is_true(old.status, READY)
    if seen_unready and is_true(new.status, READY) and new.generation == 1 and new.created:
        metrics.time_to_ready.labels(new.key.kind).observe(_age(new.created, now))


def _measure_drift(change: Change, now: datetime, metrics: Metrics) -> None:
    """Observe how long reported drift stood; what is corrected at once is never reported."""
    old, new = change.old, change.new
    if old is None or new is None or old.uid != new.uid:
        return
    if is_true(old.status, DRIFTED) and not is_true(new.status, DRIFTED):
        since = find(old.status, DRIFTED).get("lastTransitionTime")
        if since:
            metrics.drift.labels(new.key.kind).observe(_age(since, now))


def _measure_grant(change: Change, now: datetime, metrics: Metrics) -> None:
    """Observe how long a grant took until it was held to have effect, and until a first read."""
    old, new = change.old, change.new
    if old is None or new is None or old.uid != new.uid:
        return
    written, waited = new.status.get("grantWrittenAt"), find(old.status, ACCESS_EFFECTIVE)
    proved = "provedAt" in new.status and "provedAt" not in old.status
    first = proved or waited.get("status") == "Unknown"
    if written and first and is_true(new.status, ACCESS_EFFECTIVE):
        labels = (new.status.get("effectiveMode", ""), find(new.status, ACCESS_EFFECTIVE)["reason"])
        metrics.grant_effective.labels(*labels).observe(_age(written, now))
    read = new.status.get("firstReadAt")
    if read and read != old.status.get("firstReadAt"):
        mode = new.status.get("effectiveMode", "")
        metrics.grant_first_read.labels(mode).observe(new.status.get("firstReadAfterSeconds", 0))


def suspended(store: Store, kinds: tuple[str, ...]) -> Iterator[Row]:
    """Give the objects that stand still because somebody paused them."""
    for kind in kinds:
        for obj in store.of_kind(kind):
            if is_true(obj.status, PAUSED):
                yield tuple(obj.key), 1.0


def deleting(store: Store, kinds: tuple[str, ...], now: datetime) -> Iterator[Row]:
    """Give the objects under deletion and for how many seconds they have been."""
    for kind in kinds:
        for obj in store.of_kind(kind):
            if obj.deletion_timestamp is not None:
                yield tuple(obj.key), _age(obj.deletion_timestamp, now)


def restarts(store: Store, kinds: tuple[str, ...]) -> Iterator[Row]:
    """Give each container whose restarts a status tells, and how many they are."""
    for kind in kinds:
        for obj in store.of_kind(kind):
            for container in obj.status.get("containers") or ():
                if "restartCount" in container:
                    labels = (obj.key.namespace, obj.key.name, container["name"])
                    yield labels, float(container["restartCount"])


def conditions(store: Store, kinds: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give kind, namespace, name, type and status of each condition of each object."""
    for kind in kinds:
        for obj in store.of_kind(kind):
            for condition in obj.status.get("conditions") or ():
                yield *obj.key, condition["type"], condition["status"]


def _age(since: str, now: datetime) -> float:
    return max(0.0, (now - datetime.fromisoformat(since)).total_seconds())
