"""The whole process against a real API server, with rules that only hold, report and let go."""

from __future__ import annotations

import signal
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.api.objects import FINALIZER
from integration.kube.process import Process


@pytest.fixture
async def process(namespace: Any) -> AsyncIterator[Process]:
    process = await Process.start(namespace)
    yield process
    if process.child.returncode is None:
        process.child.kill()
        await process.child.communicate()


async def test_objects_are_held_reported_and_let_go(process: Process, namespace: Any) -> None:
    namespace.resource_group("rg")
    await process.until("done rg")
    seen = namespace.get("acirg", "rg")
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")
    assert seen["status"] == {"observedGeneration": 1}
    assert seen["metadata"]["finalizers"] == [FINALIZER]
    assert (await process.stop())[0] == 0


async def test_nobody_but_us_writes_to_an_object(process: Process, namespace: Any) -> None:
    namespace.resource_group("rg")
    await process.until("done rg")
    seen = namespace.get("acirg", "rg", "--show-managed-fields")["metadata"]
    writers = {entry["manager"] for entry in seen["managedFields"]}
    assert set(seen["annotations"]) == {"kubectl.kubernetes.io/last-applied-configuration"}
    assert writers == {"kubectl-client-side-apply", "OpenAPI-Generator", "aci-operator"}
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")


async def test_our_own_writes_cause_no_second_pass(process: Process, namespace: Any) -> None:
    namespace.resource_group("rg")
    await process.until("done rg")
    namespace.resource_group("next")
    await process.until("done next")
    namespace.kubectl("delete", "acirg", "rg", "next", "--timeout=20s")
    _, printed, _ = await process.stop()
    assert sorted(printed) == ["pass next", "pass rg"]


async def test_an_edit_causes_a_pass(process: Process, namespace: Any) -> None:
    namespace.resource_group("rg")
    await process.until("done rg")
    namespace.resource_group("rg", deletionPolicy="Delete")
    await process.until("done rg")
    assert namespace.get("acirg", "rg")["status"] == {"observedGeneration": 2}
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_soon(process: Process, number: int) -> None:
    await process.until_logged("watching")
    began = time.monotonic()
    code, _, logged = await process.stop(number)
    assert (code, time.monotonic() - began < 4) == (0, True), logged


async def test_a_signal_lets_the_running_pass_end(process: Process, namespace: Any) -> None:
    namespace.resource_group("slow")
    await process.until("pass slow")
    code, printed, _ = await process.stop()
    namespace.kubectl(
        "patch", "acirg", "slow", "--type=merge", "-p", '{"metadata":{"finalizers":[]}}'
    )
    assert (code, printed) == (0, ["done slow"])


async def test_events_are_posted_before_the_end(process: Process, namespace: Any) -> None:
    namespace.resource_group("rg")
    await process.until("done rg")
    await process.stop()
    (event,) = namespace.get("events.v1.events.k8s.io")["items"]
    namespace.kubectl(
        "patch", "acirg", "rg", "--type=merge", "-p", '{"metadata":{"finalizers":[]}}'
    )
    assert event["reason"] == "Seen"


async def test_what_was_deleted_while_nobody_watched_is_let_go(namespace: Any) -> None:
    first = await Process.start(namespace)
    namespace.resource_group("rg")
    await first.until("done rg")
    await first.stop(signal.SIGKILL)
    namespace.kubectl("delete", "acirg", "rg", "--wait=false")
    second = await Process.start(namespace)
    namespace.kubectl("wait", "acirg", "rg", "--for=delete", "--timeout=20s")
    code, _, logged = await second.stop()
    assert code == 0, logged


async def test_a_spec_is_not_logged_even_at_debug(process: Process, namespace: Any) -> None:
    namespace.apply(
        "ResourceGroup", "rg", spec={"location": "eastus", "tags": {"a": "canary-value"}}
    )
    await process.until("done rg")
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")
    _, _, logged = await process.stop()
    assert "canary-value" not in logged


async def test_edits_are_seen_while_kopf_logs_in_again_and_again(namespace: Any) -> None:
    process = await Process.start(namespace, "0.3")
    for number in range(8):
        spec = {"location": "eastus", "tags": {"n": str(number)}}
        namespace.apply("ResourceGroup", "rg", spec=spec)
        await process.until("done rg")
    assert namespace.get("acirg", "rg")["status"] == {"observedGeneration": 8}
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")
    code, _, logged = await process.stop()
    assert code == 0, logged
    assert "Re-authentication has finished" in logged


async def test_a_service_account_watches_by_its_token(namespace: Any) -> None:
    namespace.kubectl("create", "serviceaccount", "operator")
    namespace.kubectl(
        "create",
        "clusterrolebinding",
        namespace.name,
        "--clusterrole=cluster-admin",
        f"--serviceaccount={namespace.name}:operator",
    )
    kubeconfig = namespace.plane.kubeconfig_for_service_account(namespace.name, "operator")
    process = await Process.start(namespace, kubeconfig=kubeconfig)
    for generation in (1, 2):
        namespace.resource_group("rg", **({"deletionPolicy": "Delete"} if generation == 2 else {}))
        await process.until("done rg")
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")
    namespace.kubectl("delete", "clusterrolebinding", namespace.name)
    assert (await process.stop())[0] == 0
