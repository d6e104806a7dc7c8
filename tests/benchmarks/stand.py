"""What every benchmark of the operator stands on: a cluster, an Azure and the operator, each a
process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cluster import Cluster, open_cluster
from benchmarks.emulator import Azure, running
from benchmarks.process import Cost, cost_of
from control_plane import ControlPlane
from stage import Account, OperatorProcess

RAISED = {
    "container_writes_per_hour": 10**6,
    "container_writes_per_5m": 10**6,
    "container_deletes_per_hour": 10**6,
    "container_deletes_per_5m": 10**6,
    "container_groups_quota": 10**6,
    "container_cores_quota": 10**6,
    "calls_kept": 10**5,
}
"""The emulator's limits out of the way."""
CREATION = 1.0
"""Seconds that the emulated Azure takes for a group."""


@dataclass
class Stand:
    """All of it, with a resource group that is Ready."""

    plane: ControlPlane
    azure: Azure
    cluster: Cluster
    operator: OperatorProcess
    probe: str
    """Where the operator's metrics are."""

    async def metric(self, name: str) -> float:
        """Read a metric of the operator, summed over its labels; 0 while it cannot be asked."""
        try:
            async with self.azure.http.get(f"{self.probe}/metrics") as answer:
                text = await answer.text()
        except OSError:
            return 0.0
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
        return sum(map(float, found))

    async def calls(self) -> tuple[int, int]:
        """Count the reads and the writes that Azure has seen."""
        control = self.azure.ready["control"]
        async with self.azure.http.get(f"{control}/calls") as answer:
            calls: list[dict[str, Any]] = (await answer.json())["calls"]
        reads = [call["method"] == "GET" for call in calls if call["surface"] == "arm"]
        return sum(reads), len(reads) - sum(reads)

    def costs(self) -> dict[str, Cost]:
        """Give what each process has cost so far."""
        servers = self.plane.processes
        pids = {
            "operator": self.operator.pid,
            "API server": servers["apiserver"],
            "etcd": servers["etcd"],
            "emulated Azure": self.azure.pid,
            "this client": os.getpid(),
        }
        return {name: cost_of(pid) for name, pid in pids.items()}

    async def forget_calls(self) -> None:
        """Begin the count again."""
        url = f"{self.azure.ready['control']}/calls/forget"
        async with self.azure.http.post(url, json={}) as answer:
            assert answer.status < 300


def group(number: int) -> dict[str, Any]:
    """Give a container group of one container."""
    container = {
        "name": "main",
        "image": "mcr.microsoft.com/azure-cli",
        "command": ["tail", "-f", "/dev/null"],
        "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
    }
    spec = {
        "resourceGroupRef": {"name": "bench"},
        "osType": "Linux",
        "containers": [container],
    }
    return _object("ContainerGroup", f"g{number:05}", spec)


def _object(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "aci-operator.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


@asynccontextmanager
async def open_stand(
    plane: ControlPlane, kubeconfig: Path, name: str, options: Sequence[str] = ()
) -> AsyncIterator[Stand]:
    """Set it up under that name; everything but the namespace's objects goes in the end."""
    async with running() as azure, open_cluster(plane, name) as cluster:
        async with azure.http.put(azure.ready["control"] + "/settings", json=RAISED) as told:
            assert told.status == 200, await told.text()
        port = _free_port()
        operator = OperatorProcess(
            kubeconfig,
            plane.logs / f"{name}.log",
            ["--health-port", str(port), *options],
        )
        stand = Stand(plane, azure, cluster, operator, f"http://127.0.0.1:{port}")
        account = _account(azure.ready).manifest()
        await plane.kubectl_async("-n", name, "apply", "-f", "-", stdin=account)
        operator.start()
        try:
            spec = {"location": "westus"}
            await cluster.create("resourcegroups", [_object("ResourceGroup", "bench", spec)])
            await plane.kubectl_async(
                "-n", name, "wait", "--for=condition=Ready", "resourcegroup/bench", "--timeout=60s"
            )
            yield stand
        finally:
            operator.kill()


def _account(ready: dict[str, Any]) -> Account:
    return Account(
        subscription_id=ready["subscriptionId"],
        tenant_id=ready["tenantId"],
        client_id=ready["clientId"],
        client_secret=ready["clientSecret"],
        resource_manager=ready["resourceManager"],
        active_directory=ready["activeDirectory"],
        ca_file=Path(ready["caFile"]),
    )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def quiet(stand: Stand, passes: float) -> None:
    """Wait until the operator has done so many passes and its queue is empty."""
    while not await _is_quiet(stand, passes):  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.1)


async def _is_quiet(stand: Stand, passes: float) -> bool:
    done = await stand.metric("controller_runtime_reconcile_total")
    waiting = await stand.metric("workqueue_depth")
    return done >= passes and waiting + await stand.metric("controller_runtime_active_workers") == 0
