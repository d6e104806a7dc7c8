from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.kube import objects
from aci_operator.kube.client import Kube
from aci_operator.kube.events import Recorder
from aci_operator.telemetry.metrics import Metrics


@pytest.fixture
async def group(kube: Kube, namespace: Any) -> Object:
    obj = await objects.read(kube, namespace.resource_group("rg"))
    assert obj is not None
    return obj


@asynccontextmanager
async def recorder(kube: Kube, metrics: Metrics | None = None) -> AsyncIterator[Recorder]:
    recorder = Recorder(kube, metrics)
    recorder.start()
    yield recorder
    await recorder.close()


async def test_an_event_tells_what_happened_to_which_object(
    kube: Kube, group: Object, namespace: Any
) -> None:
    async with recorder(kube) as events:
        events.record(group, "Warning", "Throttled", "Azure asked for a pause")
    (event,) = namespace.get("events.v1.events.k8s.io")["items"]
    told = {name: event[name] for name in ("type", "reason", "note", "reportingController")}
    assert told == {
        "type": "Warning",
        "reason": "Throttled",
        "note": "Azure asked for a pause",
        "reportingController": "aci-operator.io/aci-operator",
    }
    assert event["regarding"] == {
        "apiVersion": "aci-operator.io/v1alpha1",
        "kind": "ResourceGroup",
        "namespace": namespace.name,
        "name": "rg",
        "uid": group.uid,
    }


async def test_kubectl_describe_shows_the_event(kube: Kube, group: Object, namespace: Any) -> None:
    async with recorder(kube) as events:
        events.record(group, "Normal", "GroupCreated", "it is there")
    assert "GroupCreated" in namespace.kubectl("describe", "acirg", "rg")


async def test_the_same_note_is_posted_once(kube: Kube, group: Object, namespace: Any) -> None:
    async with recorder(kube) as events:
        for message in ("one", "two", "one"):
            events.record(group, "Normal", "Told", message)
    notes = [event["note"] for event in namespace.get("events.v1.events.k8s.io")["items"]]
    assert sorted(notes) == ["one", "two"]


async def test_the_same_note_after_a_restart_goes_on_in_its_series(
    kube: Kube, group: Object, namespace: Any
) -> None:
    for _ in range(2):
        async with recorder(kube) as events:
            events.record(group, "Normal", "Told", "one")
    (event,) = namespace.get("events.v1.events.k8s.io")["items"]
    assert event["series"]["count"] == 2


async def test_a_long_note_is_cut_to_what_the_api_server_takes(
    kube: Kube, group: Object, namespace: Any
) -> None:
    async with recorder(kube) as events:
        events.record(group, "Normal", "Told", "ä" * 600)
    (event,) = namespace.get("events.v1.events.k8s.io")["items"]
    assert event["note"] == "ä" * 512


async def test_an_event_that_nobody_takes_is_counted(kube: Kube, group: Object) -> None:
    metrics = Metrics()
    gone = group.key._replace(namespace="no-such-namespace")
    async with recorder(kube, metrics) as events:
        events.record(Object(gone, group.uid, "1", 1, {}), "Normal", "Told", "one")
    assert 'aci_operator_events_total{outcome="failed"} 1.0' in metrics.text().decode()


async def test_more_notes_than_the_queue_holds_are_counted(kube: Kube, group: Object) -> None:
    metrics = Metrics()
    events = Recorder(kube, metrics)
    for number in range(1003):
        events.record(group, "Normal", "Told", str(number))
    assert 'aci_operator_events_total{outcome="dropped"} 3.0' in metrics.text().decode()
