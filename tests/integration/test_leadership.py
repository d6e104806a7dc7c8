"""Two operators, one Lease: one acts, and no write is made by one that may not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from azure_emulator.calls import Call, is_write
from integration.world import ELECTION, PACE, World, shortened
from stage import OPERATOR_NAMESPACE, OperatorProcess

pytestmark = pytest.mark.elected

EXAMPLE = "example-1-user-assigned"
GROUP = "containergroup/mycontainer"
WRITES = [
    "PUT resourcegroups/myResourceGroup",
    "PUT vaults/mykeyvault",
    "PUT secrets/SampleSecret",
    "PUT userAssignedIdentities/myACIId",
    "PUT vaults/mykeyvault/accessPolicies/add",
    "PUT containerGroups/mycontainer",
]
"""What the example needs, each once."""


@pytest.fixture
async def second(world: World) -> AsyncIterator[OperatorProcess]:
    """Another replica, which stands by; in the end no replica is left with the lease."""
    first = await leader(world)
    other = OperatorProcess(
        world.kubeconfig, world.folder.parent / "second.log", [*PACE, *ELECTION]
    )
    other.start()
    await asyncio.to_thread(until_logged, other, '"event": "standing by"')
    assert (await lease(world))["holderIdentity"] == first
    yield other
    await other.stop()
    await world.operator.stop()


async def test_the_one_that_stands_by_takes_over_after_a_kill(
    world: World, second: OperatorProcess
) -> None:
    killed = world.kill_operator_after(3)
    await world.apply_samples(EXAMPLE)
    await asyncio.wait_for(killed.wait(), 60)
    await world.until_ready(seconds=90)
    assert sorted(world.writes()) == sorted(WRITES)


async def test_a_clean_stop_hands_over_at_once(world: World, second: OperatorProcess) -> None:
    before = await lease(world)
    assert await world.operator.stop() == 0
    after = await until_held(world, before["holderIdentity"])
    await world.apply_samples(EXAMPLE)
    await world.until_ready()
    assert after["leaseTransitions"] == before["leaseTransitions"] + 1
    assert "may be on its way" not in second.log.read_text()
    assert sorted(world.writes()) == sorted(WRITES)


async def test_a_leader_that_stood_still_ends_without_a_write(
    world: World, second: OperatorProcess
) -> None:
    stopped = stop_at(world, "PUT resourcegroups/myResourceGroup")
    await world.apply_samples(EXAMPLE)
    await asyncio.wait_for(stopped.wait(), 60)
    await world.until_ready(seconds=90)
    written = world.writes()
    os.kill(world.operator.pid, signal.SIGCONT)
    assert await asyncio.to_thread(ended, world.operator) == 1
    assert sorted(written) == sorted(world.writes()) == sorted(WRITES)
    assert '"error": "LeadershipLost"' in world.operator.log.read_text()


async def test_a_leader_that_cannot_renew_ends_and_a_new_process_goes_on(world: World) -> None:
    await leader(world)
    await world.apply_samples(EXAMPLE)
    await world.until_ready()
    written = world.writes()
    server = world.plane.processes.get("apiserver")
    if server is None:
        pytest.skip("a cluster that was there already is not stopped")
    os.kill(server, signal.SIGSTOP)
    try:
        code = await asyncio.to_thread(ended, world.operator)
    finally:
        os.kill(server, signal.SIGCONT)
    world.operator.start()
    await world.kubectl("delete", GROUP, "--timeout=90s")
    await world.operator.stop()
    assert (code, world.writes()[len(written) :]) == (1, ["DELETE containerGroups/mycontainer"])


def ended(operator: OperatorProcess) -> int:
    """Wait for the end of the process; give its exit code."""
    assert operator._process is not None
    return operator._process.wait(40)


def stop_at(world: World, write: str) -> asyncio.Event:
    """Stop the first operator's process when Azure has done that write."""
    stopped = asyncio.Event()

    def watch(call: Call) -> None:
        if not stopped.is_set() and is_write(call) and shortened(call) == write:
            os.kill(world.operator.pid, signal.SIGSTOP)
            stopped.set()

    world.azure.calls.watchers.append(watch)
    return stopped


async def lease(world: World) -> dict[str, Any]:
    """Read the lease, empty if nobody ever held it."""
    found = await world.plane.kubectl_async("-n", OPERATOR_NAMESPACE, "get", "leases", "-o", "json")
    items = json.loads(found.stdout)["items"]
    spec: dict[str, Any] = items[0]["spec"] if items else {}
    return spec


async def leader(world: World) -> str:
    """Wait until the first operator leads; give its name in the lease."""
    await asyncio.to_thread(until_logged, world.operator, '"event": "watching"')
    return str((await lease(world))["holderIdentity"])


async def until_held(world: World, before: str) -> dict[str, Any]:
    """Wait until another one holds the lease, for less than a lease lasts."""
    async with asyncio.timeout(5):
        while (found := await lease(world))["holderIdentity"] in ("", before):  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # the lease is read from outside
    return found


def until_logged(operator: OperatorProcess, words: str) -> None:
    """Read the log until it says so."""
    end = time.monotonic() + 60
    while not (operator.log.exists() and words in operator.log.read_text()):
        if time.monotonic() > end:
            raise AssertionError(f"{words} was not logged:\n{operator.log.read_text()[-2000:]}")
        time.sleep(0.1)
