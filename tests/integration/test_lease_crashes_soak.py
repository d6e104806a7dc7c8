"""A leader that is killed right after it has written its lease: taken, renewed, or given back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from integration.test_leadership import EXAMPLE, WRITES, leader, lease, until_logged
from integration.world import ELECTION, PACE, World
from stage import OPERATOR_NAMESPACE, OperatorProcess

pytestmark = [pytest.mark.soak, pytest.mark.elected]

RENEWALS = range(1, 7)
"""Writes of the lease from the moment at which the example is applied; it is made meanwhile."""


@pytest.fixture
async def second(world: World) -> AsyncIterator[OperatorProcess]:
    """Another replica that has not started yet."""
    log = world.folder.parent / "second.log"
    other = OperatorProcess(world.kubeconfig, log, [*PACE, *ELECTION])
    yield other
    await other.stop()
    await world.operator.stop()


@pytest.mark.parametrize("number", RENEWALS)
async def test_killed_after_a_renewal_the_other_makes_what_is_left(
    world: World, second: OperatorProcess, number: int
) -> None:
    await leader(world)
    second.start()
    await asyncio.to_thread(until_logged, second, '"event": "standing by"')
    killing = asyncio.create_task(kill_at(world, number))
    await world.apply_samples(EXAMPLE)
    await asyncio.wait_for(killing, 30)
    await world.until_ready(seconds=90)
    assert sorted(world.writes()) == sorted(WRITES)


async def test_killed_after_it_took_the_lease_the_other_waits_and_goes_on(
    world: World, second: OperatorProcess
) -> None:
    await leader(world)
    await world.operator.stop()
    await world.plane.kubectl_async("-n", OPERATOR_NAMESPACE, "delete", "leases", "--all")
    killing = asyncio.create_task(kill_at(world, 1))
    world.operator.start()
    await asyncio.wait_for(killing, 30)
    second.start()
    await world.apply_samples(EXAMPLE)
    await world.until_ready(seconds=90)
    assert sorted(world.writes()) == sorted(WRITES)


async def test_killed_after_it_gave_the_lease_back_another_begins_at_once(
    world: World, second: OperatorProcess
) -> None:
    await leader(world)
    stopping = asyncio.create_task(world.operator.stop())
    async with asyncio.timeout(30):
        while (await lease(world)).get("holderIdentity"):  # noqa: ASYNC110 (read from outside)
            await asyncio.sleep(0.02)
    world.operator.kill()
    await stopping
    second.start()
    await world.apply_samples(EXAMPLE)
    await world.until_ready(seconds=90)
    assert sorted(world.writes()) == sorted(WRITES)


async def kill_at(world: World, number: int) -> None:
    """Kill the first operator once its lease has been written so often."""
    seen, before = 0, await lease(world)
    while seen < number:
        await asyncio.sleep(0.02)
        now = await lease(world)
        seen += now != before
        before = now
    world.operator.kill()
