"""What the changes of objects tell for metrics: how long they took, and how they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aci_operator.api.conditions import READY, is_true
from aci_operator.engine.store import Change, Store
from aci_operator.telemetry.metrics import Metrics


def measure(change: Change, now: datetime, metrics: Metrics) -> None:
    """Observe the time until an object was first Ready, and until a deleted one was gone."""
    old, new = change.old, change.new
    if new is None:
        if old is not None and old.deletion_timestamp is not None:
            age = _age(old.deletion_timestamp, now)
            metrics.deletion.labels(old.key.kind).observe(age)
        return
    seen_unready = old is not None and old.uid == new.uid and not is_true(old.status, READY)
    if seen_unready and is_true(new.status, READY) and new.generation == 1 and new.created:
        metrics.time_to_ready.labels(new.key.kind).observe(_age(new.created, now))


def conditions(store: Store, kinds: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give kind, namespace, name, type and status of each condition of each object."""
    for kind in kinds:
        for obj in store.of_kind(kind):
            for condition in obj.status.get("conditions") or ():
                yield *obj.key, condition["type"], condition["status"]


def _age(since: str, now: datetime) -> float:
    return max(0.0, (now - datetime.fromisoformat(since)).total_seconds())
