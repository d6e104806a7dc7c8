"""The numbers that Prometheus scrapes.

Where the meaning is that of controller-runtime's or client-go's metrics they carry those names, so
that existing dashboards and alerts fit. Only conditions are labelled by object, nothing by secret.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aci_operator.telemetry.tables import Rows, Table, TableCollector

QUEUE = "aci-operator"
_LONG = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """All metrics of one operator, in a registry of its own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._reconcile_metrics(self.registry)
        self._queue_metrics(self.registry)
        self._outside_metrics(self.registry)
        self._process_metrics(self.registry)
        self._cluster_metrics(self.registry)
        self._age_metrics(self.registry)
        self._busy = _Busy()
        self.registry.register(self._busy)

    def _reconcile_metrics(self, registry: CollectorRegistry) -> None:
        self.reconciles = Counter(
            "controller_runtime_reconcile",
            "Passes over an object, by kind and result.",
            ["controller", "result"],
            registry=registry,
        )
        self.reconcile_errors = Counter(
            "controller_runtime_reconcile_errors",
            "Passes that failed and are tried again with backoff.",
            ["controller"],
            registry=registry,
        )
        self.terminal_errors = Counter(
            "controller_runtime_terminal_reconcile_errors",
            "Passes that ended in a state that somebody has to change.",
            ["controller"],
            registry=registry,
        )
        self.reconcile_seconds = Histogram(
            "controller_runtime_reconcile_time_seconds",
            "Duration of one pass.",
            ["controller"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.max_concurrent = Gauge(
            "controller_runtime_max_concurrent_reconciles",
            "Number of workers.",
            registry=registry,
        )
        self.active_workers = Gauge(
            "controller_runtime_active_workers",
            "Workers that are in a pass.",
            registry=registry,
        )

    def _queue_metrics(self, registry: CollectorRegistry) -> None:
        self.queue_depth = Gauge(
            "workqueue_depth",
            "Objects that are due and wait for a worker.",
            ["name"],
            registry=registry,
        ).labels(QUEUE)
        self.queue_adds = Counter(
            "workqueue_adds",
            "Additions to the queue, by the reason to look at the object.",
            ["name", "share"],
            registry=registry,
        )
        self.queue_retries = Counter(
            "workqueue_retries",
            "Additions after a failed pass.",
            ["name"],
            registry=registry,
        ).labels(QUEUE)
        self.queue_seconds = Histogram(
            "workqueue_queue_duration_seconds",
            "Time between being due and being handed to a worker.",
            ["name"],
            buckets=_SECONDS,
            registry=registry,
        ).labels(QUEUE)
        self.work_seconds = Histogram(
            "workqueue_work_duration_seconds",
            "Time in a worker's hands.",
            ["name"],
            buckets=_SECONDS,
            registry=registry,
        ).labels(QUEUE)

    def _outside_metrics(self, registry: CollectorRegistry) -> None:
        self.azure_requests = Counter(
            "aci_operator_azure_requests",
            "Calls to Azure, by operation and HTTP status (0: no answer).",
            ["operation", "code"],
            registry=registry,
        )
        self.azure_seconds = Histogram(
            "aci_operator_azure_request_duration_seconds",
            "Duration of one call to Azure.",
            ["operation"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.refused_updates = Counter(
            "aci_operator_refused_updates",
            "Changes of groups that Azure refused in place, other than the table of changes says.",
            registry=registry,
        )

    def _process_metrics(self, registry: CollectorRegistry) -> None:
        self.throttled_seconds = Counter(
            "aci_operator_throttled_seconds",
            "Sum of the waits that calls to Azure were sent into by rate limits.",
            registry=registry,
        )
        self.loop_lag_seconds = Gauge(
            "aci_operator_event_loop_lag_seconds",
            "How late the event loop is.",
            registry=registry,
        )
        self.leader = Gauge(
            "aci_operator_leader",
            "Whether this replica holds the lease (1 or 0; always 1 without an election).",
            registry=registry,
        )
        self.leader.set(1)

    def _cluster_metrics(self, registry: CollectorRegistry) -> None:
        self.objects = Gauge(
            "aci_operator_objects",
            "Custom resources that the operator knows.",
            registry=registry,
        )
        self.watch_deaf_seconds = Gauge(
            "aci_operator_watch_deaf_seconds",
            "How long a change has been known that the watch has not delivered.",
            registry=registry,
        )
        self.ghosts = Counter(
            "aci_operator_ghosts",
            "Objects found gone by a list, whose deletion the watch did not deliver.",
            registry=registry,
        )
        self.azure_writes_stopped = Gauge(
            "aci_operator_azure_writes_stopped",
            "1 while an administrator has stopped all writes to Azure.",
            registry=registry,
        )
        self.events = Counter(
            "aci_operator_events",
            "Kubernetes events, by what became of them: posted, repeated, dropped, failed.",
            ["outcome"],
            registry=registry,
        )

    def _age_metrics(self, registry: CollectorRegistry) -> None:
        self.time_to_ready = Histogram(
            "aci_operator_time_to_ready_seconds",
            "From an object's creation until it was Ready for the first time.",
            ["kind"],
            buckets=_LONG,
            registry=registry,
        )
        self.deletion = Histogram(
            "aci_operator_deletion_seconds",
            "From the request to delete an object until it was gone.",
            ["kind"],
            buckets=_LONG,
            registry=registry,
        )
        self.drift = Histogram(
            "aci_operator_drift_seconds",
            "From drift being reported until Azure was as the spec says again.",
            ["kind"],
            buckets=_LONG,
            registry=registry,
        )

        self.grant_effective = Histogram(
            "aci_operator_grant_effective_seconds",
            "From writing a grant until it was held to have effect, by what told so.",
            ["mode", "reason"],
            buckets=_LONG,
            registry=registry,
        )
        self.grant_first_read = Histogram(
            "aci_operator_grant_first_read_seconds",
            "From writing a grant until a probe read the secret for the first time.",
            ["mode"],
            buckets=_LONG,
            registry=registry,
        )

    def azure_request(self, operation: str, code: str, seconds: float) -> None:
        """Count one call to Azure. `operation` is a method and resource type, never an ID."""
        self.azure_requests.labels(operation, code).inc()
        self.azure_seconds.labels(operation).observe(seconds)

    @contextmanager
    def working(self, controller: str, waited: float) -> Iterator[None]:
        """Measure one pass: the time it waited, the time it takes, and that it runs now."""
        self.queue_seconds.observe(waited)
        with self.active_workers.track_inprogress(), self._busy.timed() as seconds:
            try:
                yield
            finally:
                self.work_seconds.observe(seconds())
                self.reconcile_seconds.labels(controller).observe(seconds())

    def reconciled(self, controller: str, result: str) -> None:
        """Count one pass: `success`, `requeue_after` or `error`, as controller-runtime says it."""
        self.reconciles.labels(controller, result).inc()
        if result == "error":
            self.reconcile_errors.labels(controller).inc()

    def watch_depth(self, depth: Callable[[], int]) -> None:
        """Ask `depth` whenever somebody scrapes."""
        self.queue_depth.set_function(depth)

    def watch_quota(self, remaining: Callable[[], Iterable[tuple[str, str, float]]]) -> None:
        """Ask `remaining` for (subscription, bucket, requests left) whenever somebody scrapes."""
        self.registry.register(_Quota(remaining))

    def watch_conditions(self, conditions: Callable[[], Iterable[tuple[str, ...]]]) -> None:
        """Ask `conditions` for (kind, namespace, name, type, status) whenever somebody scrapes."""
        self.registry.register(_Conditions(conditions))

    def watch_table(self, table: Table, rows: Rows) -> None:
        """Ask `rows` for the table's rows whenever somebody scrapes. Each table once."""
        self.registry.register(TableCollector(table, rows))

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Busy(Collector):
    """How long the passes that run at this moment have been running."""

    def __init__(self) -> None:
        self._begun: dict[object, float] = {}

    @contextmanager
    def timed(self) -> Iterator[Callable[[], float]]:
        token = object()
        begun = self._begun[token] = time.monotonic()
        try:
            yield lambda: time.monotonic() - begun
        finally:
            del self._begun[token]

    def collect(self) -> Iterator[Metric]:
        now = time.monotonic()
        ages = [now - begun for begun in self._begun.values()]
        yield _gauge("workqueue_unfinished_work_seconds", "Sum over running passes.", sum(ages))
        yield _gauge(
            "workqueue_longest_running_processor_seconds",
            "The longest running pass.",
            max(ages, default=0.0),
        )

    def describe(self) -> Iterator[Metric]:
        yield from self.collect()


class _Conditions(Collector):
    """The conditions of all objects, each 1 for the status that it has."""

    def __init__(self, conditions: Callable[[], Iterable[tuple[str, ...]]]) -> None:
        self._conditions = conditions

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "aci_operator_resource_condition",
            "1 for the status that a condition of an object has now.",
            labels=["kind", "namespace", "name", "type", "status"],
        )
        for labels in self._conditions():
            family.add_metric(labels, 1)
        yield family


class _Quota(Collector):
    """What is left of Azure's rate limits, the least where several principals share a name."""

    def __init__(self, remaining: Callable[[], Iterable[tuple[str, str, float]]]) -> None:
        self._remaining = remaining

    def collect(self) -> Iterator[Metric]:
        found: dict[tuple[str, str], float] = {}
        for subscription, bucket, left in self._remaining():
            key = (subscription, bucket)
            found[key] = min(left, found.get(key, left))
        family = GaugeMetricFamily(
            "aci_operator_azure_quota_remaining",
            "Requests that may go now, by subscription and limit.",
            labels=["subscription", "bucket"],
        )
        for labels, left in found.items():
            family.add_metric(labels, left)
        yield family


def _gauge(name: str, text: str, value: float) -> Any:
    family = GaugeMetricFamily(name, text, labels=["name"])
    family.add_metric([QUEUE], value)
    return family
