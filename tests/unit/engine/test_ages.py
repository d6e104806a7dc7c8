"""What the changes of objects tell for metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aci_operator.engine.ages import conditions, deleting, measure, restarts, suspended
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


def condition(type_: str, status: str = "True") -> dict[str, Any]:
    since = "2026-01-01T00:01:00Z"
    return {"conditions": [{"type": type_, "status": status, "lastTransitionTime": since}]}


def drift_of(old: dict[str, Any], new: dict[str, Any], **parts: Any) -> str | None:
    """Give the sum of the drift that a change of status ends."""
    metrics = Metrics()
    measure(Change(thing("a", status=old), thing("a", 2, status=new, **parts)), NOW, metrics)
    lines = metrics.text().decode().splitlines()
    return next((one for one in lines if one.startswith("aci_operator_drift_seconds_sum")), None)


def test_drift_counts_from_its_report_until_it_is_over() -> None:
    line = 'aci_operator_drift_seconds_sum{kind="Thing"} 30.0'
    assert drift_of(condition("Drifted"), condition("Drifted", "False")) == line


def test_drift_that_goes_on_or_never_was_is_not_counted() -> None:
    assert drift_of(condition("Drifted"), condition("Drifted")) is None
    assert drift_of({}, condition("Drifted", "False")) is None


def a_store(**parts: Any) -> Store:
    store = Store(references_of)
    store.put(thing("a", **parts))
    store.put(thing("b"))
    return store


def test_what_is_paused_is_shown_by_object() -> None:
    rows = list(suspended(a_store(status=condition("Paused")), ("Thing",)))
    assert rows == [(("Thing", "here", "a"), 1.0)]


def test_what_is_being_deleted_is_shown_with_its_age() -> None:
    rows = list(deleting(a_store(deletion_timestamp="2026-01-01T00:01:00Z"), ("Thing",), NOW))
    assert rows == [(("Thing", "here", "a"), 30.0)]


def test_restarts_are_shown_by_container_where_azure_told_them() -> None:
    containers = [{"name": "web", "restartCount": 3}, {"name": "new"}]
    rows = list(restarts(a_store(status={"containers": containers}), ("Thing",)))
    assert rows == [(("here", "a", "web"), 3.0)]


def grant_of(before: str) -> list[str]:
    """Give the sums of what a change to AccessEffective: True leads to."""
    metrics = Metrics()
    now = {"effectiveMode": "RBAC", "grantWrittenAt": "2026-01-01T00:00:00Z"}
    effective = condition("AccessEffective")["conditions"][0] | {"reason": "Settled"}
    new = thing("a", 2, status={"conditions": [effective], **now})
    measure(Change(thing("a", status=condition("AccessEffective", before)), new), NOW, metrics)
    lines = metrics.text().decode().splitlines()
    return [line for line in lines if line.startswith("aci_operator_grant_effective_seconds_sum")]


def test_the_effect_of_a_grant_counts_from_its_writing_and_once() -> None:
    name = 'aci_operator_grant_effective_seconds_sum{mode="RBAC",reason="Settled"}'
    assert (grant_of("Unknown"), grant_of("True")) == ([f"{name} 90.0"], [])


def test_the_time_to_a_first_read_is_observed_once() -> None:
    seen = {"firstReadAt": CREATED, "firstReadAfterSeconds": 47, "effectiveMode": "RBAC"}
    metrics = Metrics()
    for old, new in (({}, seen), (seen, {**seen, "roles": ["x"]})):
        measure(Change(thing("a", status=old), thing("a", 2, status=new)), NOW, metrics)
    lines = metrics.text().decode().splitlines()
    name = "aci_operator_grant_first_read_seconds"
    assert [line for line in lines if line.startswith((f"{name}_sum", f"{name}_count"))] == [
        f'{name}_count{{mode="RBAC"}} 1.0',
        f'{name}_sum{{mode="RBAC"}} 47.0',
    ]


def test_a_grant_that_was_called_a_fault_before_it_was_proved_is_observed_once() -> None:
    def said(status: str, reason: str, **fields: str) -> dict[str, Any]:
        effective = {"type": "AccessEffective", "status": status, "reason": reason}
        return {"grantWrittenAt": CREATED, "conditions": [effective], **fields}

    refused = said("False", "ForbiddenByPolicy")
    proved = said("True", "Proved", provedAt=CREATED, effectiveMode="AccessPolicy")
    again = said("False", "ForbiddenByPolicy", provedAt=CREATED)
    metrics = Metrics()
    for old, new in ((refused, proved), (proved, again), (again, proved)):
        measure(Change(thing("a", status=old), thing("a", 2, status=new)), NOW, metrics)
    lines = metrics.text().decode().splitlines()
    assert [line for line in lines if "grant_effective_seconds_count" in line] == [
        'aci_operator_grant_effective_seconds_count{mode="AccessPolicy",reason="Proved"} 1.0'
    ]
