"""Metrics that are read off the objects at each scrape: one row per object or part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Row = tuple[tuple[str, ...], float]
"""The labels' values and the number."""
Rows = Callable[[], Iterable[Row]]

_OBJECT = ("kind", "namespace", "name")


@dataclass(frozen=True)
class Table:
    """Name, meaning and labels of one metric."""

    name: str
    meaning: str
    labels: tuple[str, ...] = _OBJECT


SUSPENDED = Table("aci_operator_suspended", "1 for each object that is paused.")
RESTARTS = Table(
    "aci_operator_container_restarts",
    "Restarts of a container of a group, as Azure counted them when it was last looked at.",
    ("namespace", "name", "container"),
)
DELETING = Table(
    "aci_operator_deletion_pending_seconds",
    "Seconds since the deletion of an object was asked for that is still there.",
)
EXPIRY = Table(
    "aci_operator_credential_expiry_timestamp_seconds",
    "When the certificate that an account signs in with ends, in seconds since 1970.",
)
TABLES = (SUSPENDED, RESTARTS, DELETING, EXPIRY)


class TableCollector(Collector):
    """Shows one table."""

    def __init__(self, table: Table, rows: Rows) -> None:
        self._table = table
        self._rows = rows

    def collect(self) -> Iterator[Metric]:
        """Give the table as it is now."""
        table = self._table
        family = GaugeMetricFamily(table.name, table.meaning, labels=table.labels)
        for labels, value in self._rows():
            family.add_metric(labels, value)
        yield family
