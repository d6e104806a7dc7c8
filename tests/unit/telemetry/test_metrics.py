from __future__ import annotations

import re

from aci_operator.telemetry.metrics import Metrics


def value(metrics: Metrics, line: str) -> float | None:
    found = re.search(rf"^{re.escape(line)} (\S+)$", metrics.text().decode(), re.MULTILINE)
    return float(found[1]) if found else None


def test_the_names_are_those_that_dashboards_know() -> None:
    known = set(re.findall(r"^# TYPE (\S+)", Metrics().text().decode(), re.MULTILINE))
    assert known >= {
        "controller_runtime_reconcile_total",
        "controller_runtime_reconcile_errors_total",
        "controller_runtime_terminal_reconcile_errors_total",
        "controller_runtime_reconcile_time_seconds",
        "controller_runtime_max_concurrent_reconciles",
        "controller_runtime_active_workers",
        "workqueue_depth",
        "workqueue_adds_total",
        "workqueue_queue_duration_seconds",
        "workqueue_work_duration_seconds",
        "workqueue_unfinished_work_seconds",
        "workqueue_longest_running_processor_seconds",
        "workqueue_retries_total",
        "aci_operator_azure_requests_total",
        "aci_operator_azure_request_duration_seconds",
    }


def test_a_call_to_azure_is_counted_by_operation_and_status() -> None:
    metrics = Metrics()
    metrics.azure_request("PUT containerGroups", "201", 0.3)
    labels = '{code="201",operation="PUT containerGroups"}'
    assert value(metrics, f"aci_operator_azure_requests_total{labels}") == 1


def test_a_running_pass_shows_and_an_ended_one_does_not() -> None:
    metrics = Metrics()
    longest = 'workqueue_longest_running_processor_seconds{name="aci-operator"}'
    with metrics.working("resourcegroup", 0.1):
        running = (value(metrics, "controller_runtime_active_workers"), value(metrics, longest))
    assert running[0] == 1
    assert running[1]
    assert value(metrics, "controller_runtime_active_workers") == 0
    assert value(metrics, longest) == 0


def test_two_operators_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.reconciled("resourcegroup", "error")
    line = 'controller_runtime_reconcile_errors_total{controller="resourcegroup"}'
    assert (value(one, line), value(other, line)) == (1, None)


def test_the_depth_is_asked_for_when_somebody_looks() -> None:
    metrics, depth = Metrics(), 3
    metrics.watch_depth(lambda: depth)
    before = value(metrics, 'workqueue_depth{name="aci-operator"}')
    depth = 5
    assert (before, value(metrics, 'workqueue_depth{name="aci-operator"}')) == (3, 5)
