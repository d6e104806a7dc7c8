"""A world whose operator is forked, and reaches the API server through a front."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aci_operator.kube.client import Kube
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from control_plane import ControlPlane
from integration.campaign.birth import ForkedOperator, Zygote
from integration.campaign.front import Front, kubeconfig_through, open_front
from integration.foreigner import Foreigner
from integration.world import World, make_account, pace_of, undeclared
from stage import prepare_samples

SETTINGS = Settings(
    container_creation_seconds=0.2, container_pending_seconds=0.05, container_update_seconds=0.2
)
QUIET = 0.4
"""Seconds without a write, to Azure or to the API server, after which nothing is on its way."""


@dataclass
class Stage:
    """What a case plays on."""

    world: World
    front: Front
    kube: Kube
    foreigner: Foreigner
    scenario: str = ""
    """What is being played."""
    written: dict[str, int] = field(default_factory=dict)
    """Scenario -> how often Kubernetes was written to."""
    last: float = 0.0
    """When the operator last asked Azure (loop time)."""

    def start(self) -> None:
        """Start the operator; it counts as awake when it watches."""
        self.front.watched.clear()
        self.front.last = asyncio.get_running_loop().time()
        self.world.operator.start()

    async def quiet(self, seconds: float = QUIET) -> None:
        """Wait until the operator watches and has had nothing to say for so long."""
        await self.front.watched.wait()
        now = asyncio.get_running_loop().time
        while (rest := max(self.last, self.front.last) + seconds - now()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(rest)


@dataclass(frozen=True)
class Theatre:
    """What all cases share."""

    plane: ControlPlane
    kubeconfig: Path
    zygote: Zygote
    kube: Kube


@asynccontextmanager
async def open_stage(
    theatre: Theatre, namespace: str, folder: Path, resync: float = 600.0
) -> AsyncIterator[Stage]:
    """Set everything up; in the end nothing is left that another case's operator would see."""
    async with Emulator(replace(SETTINGS)) as azure, open_front(theatre.plane) as front:
        world = _world(theatre, azure, front, namespace, folder, resync)
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        await theatre.kube.post("/api/v1/namespaces", made)
        stage = Stage(world, front, theatre.kube, Foreigner(world))
        azure.calls.watchers.append(lambda call: _asked(stage))
        stage.start()
        try:
            yield stage
        finally:
            azure.calls.watchers.clear()
            front.on_write = lambda: False
            front.release()
            await _take_down(stage)
        assert undeclared(azure) == []


def _world(
    theatre: Theatre, azure: Emulator, front: Front, namespace: str, folder: Path, resync: float
) -> World:
    account = make_account(azure)
    through = kubeconfig_through(front, theatre.kubeconfig, folder / "front.kubeconfig")
    options = [*pace_of(600, 600), "--resync-interval", str(resync), "--log-level", "DEBUG"]
    operator = ForkedOperator(theatre.zygote, through, folder / "operator.log", options)
    samples = prepare_samples(folder / "samples", account)
    return World(theatre.plane, azure, operator, namespace, account, samples, theatre.kubeconfig)


def _asked(stage: Stage) -> None:
    stage.last = asyncio.get_running_loop().time()


async def _take_down(stage: Stage) -> None:
    """Delete what a failure left; after a success there is nothing."""
    world = stage.world
    try:
        left = json.loads(await world.kubectl("get", "aci", "-o", "json"))["items"]
        if left:
            world.operator.kill()
            world.operator.start()
            await world.kubectl("delete", "aci", "--all", "--timeout=30s")
    finally:
        world.operator.kill()
        await world.kubectl(
            "delete", "namespace", world.namespace, "--ignore-not-found", "--wait=false"
        )
