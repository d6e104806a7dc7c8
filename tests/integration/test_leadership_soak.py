"""Two replicas with the times that they have by default: stopped, killed, and cut off."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aci_operator.engine.leadership import Terms
from azure_emulator.calls import Call, is_write
from azure_emulator.containers import ContainerGroups
from control_plane import ControlPlane
from integration.passage import Passage, open_passage
from integration.test_leadership import EXAMPLE, GROUP, WRITES, leader, stop_at, until_logged
from integration.world import PACE, World, open_world
from stage import OperatorProcess

pytestmark = pytest.mark.soak

OPTIONS = (*PACE, "--leader-elect")
TERMS = Terms()
STOPPED, AWAY = 40.0, 60.0
"""Seconds for which a leader stands still, and for which the API server is not there."""
TAKEOVER = TERMS.duration + TERMS.retry + TERMS.write
"""Seconds until another acts at the latest: lease, look, and what may be on its way."""
SLACK = 10.0
"""Seconds for a machine that has other work."""


@pytest.fixture
async def passage(control_plane: ControlPlane) -> AsyncIterator[Passage]:
    """The replicas' way to the API server."""
    async with open_passage(control_plane.url) as passage:
        yield passage


@pytest.fixture
async def world(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    passage: Passage,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[World]:
    """A world whose operator leads."""
    name = request.node.name.replace("_", "-")[:50].strip("-")
    way = passage.kubeconfig(operator_kubeconfig)
    async with open_world(control_plane, way, name, tmp_path, pace=OPTIONS) as world:
        await leader(world)
        yield world


@pytest.fixture
async def second(world: World) -> AsyncIterator[OperatorProcess]:
    """Another replica, which stands by; in the end no replica is left with the lease."""
    other = OperatorProcess(world.kubeconfig, world.folder.parent / "second.log", OPTIONS)
    other.start()
    await asyncio.to_thread(until_logged, other, '"event": "standing by"')
    yield other
    await other.stop()
    await world.operator.stop()


def starts(world: World) -> int:
    """Count how often the example's container group was started."""
    groups = world.azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    return groups.starts(world.container_group_id("mycontainer"))


def times_of_writes(world: World) -> list[float]:
    """Note from now on when something is written to Azure, in monotonic seconds."""
    times: list[float] = []

    def watch(call: Call) -> None:
        if is_write(call):
            times.append(time.monotonic())

    world.azure.calls.watchers.append(watch)
    return times


def tell(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        print(f"\nleadership: {line}")


async def test_a_leader_that_stood_still_for_long_writes_no_more(
    world: World, second: OperatorProcess
) -> None:
    stopped = stop_at(world, "PUT resourcegroups/myResourceGroup")
    await world.apply_samples(EXAMPLE)
    await asyncio.wait_for(stopped.wait(), 60)
    until = time.monotonic() + STOPPED
    await world.until_ready(seconds=120)
    await asyncio.sleep(max(0.0, until - time.monotonic()))  # how long it stands is what is tested
    written = world.writes()
    first = world.operator._process
    assert first is not None
    os.kill(first.pid, signal.SIGCONT)
    code = await asyncio.to_thread(first.wait, 40)
    assert (code, sorted(written), sorted(world.writes()), starts(world)) == (
        1,
        sorted(WRITES),
        sorted(WRITES),
        1,
    )


async def test_a_killed_leader_is_followed_within_the_terms(
    world: World, second: OperatorProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    killed = world.kill_operator_after(3)
    await world.apply_samples(EXAMPLE)
    await asyncio.wait_for(killed.wait(), 60)
    times, since = times_of_writes(world), time.monotonic()
    await world.until_ready(seconds=120)
    taken_over = times[0] - since
    tell(capsys, f"{taken_over:.1f} s from kill -9 to the next write; {TAKEOVER:.0f} s at most")
    assert (sorted(world.writes()), starts(world)) == (sorted(WRITES), 1)
    assert TERMS.write < taken_over < TAKEOVER + SLACK


async def test_nothing_is_written_while_no_lease_can_be_kept(
    world: World, second: OperatorProcess, passage: Passage, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.apply_samples(EXAMPLE)
    await world.until_ready()
    times = times_of_writes(world)
    # Azure refuses a deletion for a while, so that there is something to write.
    world.azure.faults.next(method="DELETE", path="mycontainer", status=503, times=900)
    await world.kubectl("delete", GROUP, "--wait=false")
    async with kept_alive(world.operator, second):
        since = await cut_off(passage)
        world.azure.faults.clear()
        kept = starts(world), world.writes()[: len(WRITES)]
        await world.kubectl("wait", "--for=delete", GROUP, "--timeout=120s")
    tried = [when - since for when in times]
    tell(capsys, f"writes, seconds after the API server went: {[round(at, 1) for at in tried]}")
    assert [at for at in tried if TERMS.duration < at < AWAY] == []
    assert (kept[0], sorted(kept[1])) == (1, sorted(WRITES))
    assert set(world.writes()[len(WRITES) :]) == {"DELETE containerGroups/mycontainer"}


async def cut_off(passage: Passage) -> float:
    """Let no replica reach the API server for a minute; give when that began."""
    passage.close()
    since = time.monotonic()
    await asyncio.sleep(AWAY)  # how long it is away is what is tested
    await passage.open()
    return since


@asynccontextmanager
async def kept_alive(*operators: OperatorProcess) -> AsyncIterator[None]:
    """Start a replica again a second after it has ended, as a kubelet does."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(1)
            for operator in operators:
                if not operator.running:
                    operator.start()

    keeper = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeper.cancel()
