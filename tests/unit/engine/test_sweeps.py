from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from aci_operator.engine.sweeps import Snapshot, Sweeps
from engine_builders import StillClock


class Lists:
    """Numbered answers, each given when it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    async def fetch(self) -> Mapping[str, int]:
        self.asked += 1
        number = self.asked
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return {"number": number}


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def sweeps(clock: StillClock) -> Sweeps:
    return Sweeps(clock, capacity=2)


@pytest.fixture
async def lists() -> Lists:
    return Lists()


async def test_callers_at_the_same_time_share_one_read(sweeps: Sweeps, lists: Lists) -> None:
    reads = [sweeps.read("k", 0, lists.fetch) for _ in range(3)]
    assert await asyncio.gather(*reads) == [Snapshot(1000, {"number": 1})] * 3


async def test_a_list_that_is_young_enough_is_used_again(
    sweeps: Sweeps, lists: Lists, clock: StillClock
) -> None:
    first = await sweeps.read("k", 0, lists.fetch)
    clock.seconds += 60
    assert await sweeps.read("k", 1000, lists.fetch) is first


async def test_a_list_begun_too_early_is_read_anew(
    sweeps: Sweeps, lists: Lists, clock: StillClock
) -> None:
    await sweeps.read("k", 0, lists.fetch)
    clock.seconds += 60
    assert await sweeps.read("k", 1001, lists.fetch) == Snapshot(1060, {"number": 2})


async def test_a_read_in_flight_does_not_answer_for_what_was_written_since(
    sweeps: Sweeps, lists: Lists, clock: StillClock
) -> None:
    lists.gate.clear()
    early = asyncio.create_task(sweeps.read("k", 0, lists.fetch))
    await asyncio.sleep(0)
    clock.seconds += 1
    late = asyncio.create_task(sweeps.read("k", 1001, lists.fetch))
    await asyncio.sleep(0)
    lists.gate.set()
    assert [await early, await late] == [
        Snapshot(1000, {"number": 1}),
        Snapshot(1001, {"number": 2}),
    ]


async def test_a_failed_read_fails_for_all_and_is_not_kept(sweeps: Sweeps, lists: Lists) -> None:
    lists.error = ValueError("page 2")
    reads = [sweeps.read("k", 0, lists.fetch) for _ in range(2)]
    ends = await asyncio.gather(*reads, return_exceptions=True)
    lists.error = None
    again = await sweeps.read("k", 0, lists.fetch)
    assert (ends, again) == ([ends[0]] * 2, Snapshot(1000, {"number": 2}))
    assert isinstance(ends[0], ValueError)


async def test_a_cancelled_caller_leaves_the_read_to_the_others(
    sweeps: Sweeps, lists: Lists
) -> None:
    lists.gate.clear()
    first, second = (asyncio.create_task(sweeps.read("k", 0, lists.fetch)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    lists.gate.set()
    assert await second == Snapshot(1000, {"number": 1})


async def test_the_oldest_list_is_dropped_when_there_are_too_many(
    sweeps: Sweeps, lists: Lists
) -> None:
    for name in ("a", "b", "c", "a"):
        await sweeps.read(name, 0, lists.fetch)
    await sweeps.read("c", 0, lists.fetch)
    assert lists.asked == 4


async def test_closing_ends_what_still_runs(sweeps: Sweeps, lists: Lists) -> None:
    lists.gate.clear()
    reading = asyncio.create_task(sweeps.read("k", 0, lists.fetch))
    await asyncio.sleep(0)
    await sweeps.close()
    with pytest.raises(asyncio.CancelledError):
        await reading
