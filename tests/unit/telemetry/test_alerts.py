"""Alerts, docs and the registry speak of the same metrics."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from aci_operator.telemetry.metrics import Metrics
from aci_operator.telemetry.tables import TABLES

ROOT = Path(__file__).parents[3]
ALERTS = ROOT / "deploy" / "monitoring" / "alerts.yaml"
DOCS = ROOT / "docs" / "operations.md"
NAME = re.compile(r"\b(?:aci_operator|controller_runtime|workqueue)_[a-z_]*[a-z]\b")


def known() -> set[str]:
    """Give every metric's name as Prometheus knows it."""
    metrics = Metrics()
    metrics.watch_conditions(list)
    metrics.watch_quota(list)
    for table in TABLES:
        metrics.watch_table(table, list)
    names = re.findall(r"^# TYPE (\S+)", metrics.text().decode(), re.MULTILINE)
    return {name for name in names if not name.endswith("_created")}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text())["spec"]["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def test_the_page_names_every_metric_of_ours_and_no_other() -> None:
    told = {name for name in NAME.findall(DOCS.read_text()) if name.startswith("aci_operator_")}
    assert told == {name for name in known() if name.startswith("aci_operator_")}


def test_the_alerts_ask_for_metrics_that_exist() -> None:
    asked = {name for rule in rules() for name in NAME.findall(rule["expr"])}
    assert asked == {
        "aci_operator_credential_expiry_timestamp_seconds",
        "aci_operator_deletion_pending_seconds",
        "aci_operator_objects",
        "aci_operator_resource_condition",
        "aci_operator_suspended",
        "aci_operator_throttled_seconds_total",
        "controller_runtime_reconcile_total",
    }
    assert asked <= known()


def test_each_alert_waits_as_long_as_the_page_says() -> None:
    assert {rule["alert"]: rule.get("for") for rule in rules()} == {
        "AciOperatorObjectStalled": "15m",
        "AciOperatorThrottled": "10m",
        "AciOperatorDeletionStuck": None,
        "AciOperatorAccessRefused": "5m",
        "AciOperatorNothingReconciled": "1m",
        "AciOperatorCredentialExpires": None,
    }
