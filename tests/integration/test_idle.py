"""Nothing changed, nothing written: over poll intervals and over a restart."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import pytest

from azure_emulator.calls import Call
from integration.world import World, shortened

POLL = 3.0
LISTS = (
    "GET containerGroups",
    "GET userAssignedIdentities",
    "GET vaults",
    "GET secrets",
    "GET resourcegroups/myResourceGroup",
)
"""All that an idle pass may read: one list per kind and scope; the group is a scope itself."""
PAGES = {"GET vaults": 2}
"""A list of vaults always ends in a link to an empty page, which has to be followed."""
VIEWS = ("GET containerGroups/mycontainer", "GET containerGroups/mycontainer-system")
"""The instance views: a list has none."""


@pytest.mark.pace(poll=POLL, health=600)
async def test_idle_objects_cost_one_list_an_interval_and_no_write(world: World) -> None:
    await settle(world)
    reads = await calls_until(world, "GET containerGroups", times=4)
    assert world.writes() == []
    assert sorted(reads) == sorted(LISTS)
    assert too_often(reads, POLL) == []


@pytest.mark.pace(poll=600, health=2)
async def test_running_groups_cost_one_view_an_interval_and_nothing_else(world: World) -> None:
    await world.apply_samples("example-1-user-assigned", "example-2-system-assigned")
    await world.until_ready()
    await calls_until(world, VIEWS[0], times=2)
    world.azure.calls.forget()
    reads = await calls_until(world, VIEWS[0], times=4)
    assert world.writes() == []
    assert sorted(reads) == sorted(VIEWS)
    assert too_often(reads, 2) == []


@pytest.mark.pace(poll=POLL, health=600)
async def test_a_restart_writes_nothing_and_reads_each_list_once(world: World) -> None:
    await settle(world)
    statuses = await status_versions(world)
    await world.operator.stop()
    world.azure.calls.forget()
    world.operator.start()
    reads = await calls_until(world, "GET containerGroups", times=3)
    assert world.writes() == []
    assert sorted(reads) == sorted(LISTS)
    assert await status_versions(world) == statuses


async def settle(world: World) -> None:
    """Bring both examples up, and wait for one whole quiet interval."""
    await world.apply_samples("example-1-user-assigned", "example-2-system-assigned")
    await world.until_ready()
    await calls_until(world, "GET containerGroups", times=2)
    world.azure.calls.forget()


async def calls_until(world: World, last: str, times: int) -> dict[str, list[float]]:
    """Collect the calls from now until that call was made so often: what -> when."""
    seen: dict[str, list[float]] = defaultdict(list)
    enough = asyncio.Event()

    def watch(call: Call) -> None:
        if call.surface != "entra":
            seen[shortened(call)].append(call.time)
        if len(seen[last]) == times:
            enough.set()

    world.azure.calls.watchers.append(watch)
    async with asyncio.timeout(60):
        await enough.wait()
    world.azure.calls.watchers.remove(watch)
    return dict(seen)


async def status_versions(world: World) -> dict[str, str]:
    """Give each object's resourceVersion: a status that is written again would move it."""
    return {
        item["metadata"]["name"]: item["metadata"]["resourceVersion"]
        for item in await world.objects()
    }


def too_often(reads: dict[str, list[float]], interval: float) -> list[str]:
    """List what was read more than once per interval.

    The times are Azure's, so one read that was long under way may seem close to the next: what
    counts is how many fit into the time between the first and the last, give or take a tenth.
    """
    lists = {what: times[:: PAGES.get(what, 1)] for what, times in reads.items()}
    return [
        what
        for what, times in lists.items()
        if times[-1] - times[0] < 0.9 * interval * (len(times) - 1)
    ]
