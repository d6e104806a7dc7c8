"""What the changes of objects tell for metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aci_operator.engine.ages import conditions, measure
from aci_operator.engine.store import Change, Store
from aci_operator.telemetry.metrics import Metrics
from engine_builders import references_of, thing

NOW = datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC)
CREATED = "2026-01-01T00:00:00Z"


def status(ready: str) -> dict[str, Any]:
    return {"conditions": [{"type": "Ready", "status": ready}]}


def told(change: Change) -> set[str]:
    """Give the sums of the two durations that a change leads to."""
    metrics = Metrics()
    measure(change, NOW, metrics)
    lines = metrics.text().decode().splitlines()
    names = ("aci_operator_time_to_ready_seconds_sum", "aci_operator_deletion_seconds_sum")
    return {line for line in lines if line.startswith(names)}


def test_the_time_until_ready_counts_from_the_creation() -> None:
    old = thing("a", created=CREATED, status=status("False"))
    new = thing("a", 2, created=CREATED, status=status("True"))
    assert told(Change(old, new)) == {'aci_operator_time_to_ready_seconds_sum{kind="Thing"} 90.0'}


def test_one_that_is_ready_still_is_not_counted_again() -> None:
    old = thing("a", created=CREATED, status=status("True"))
    assert told(Change(old, thing("a", 2, created=CREATED, status=status("True")))) == set()


def test_the_time_of_a_deletion_counts_from_the_request() -> None:
    old = thing("a", deletion_timestamp="2026-01-01T00:01:00Z")
    assert told(Change(old, None)) == {'aci_operator_deletion_seconds_sum{kind="Thing"} 30.0'}


def test_each_condition_of_each_object_is_shown() -> None:
    store = Store(references_of)
    store.put(thing("a", status=status("True")))
    assert list(conditions(store, ("Thing",))) == [("Thing", "here", "a", "Ready", "True")]
