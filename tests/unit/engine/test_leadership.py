"""The election, with time that moves only when told and a store that can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aci_operator.api.leases import Lease
from aci_operator.engine.leadership import Leadership, Terms
from aci_operator.telemetry.metrics import Metrics
from engine_builders import StillClock

TERMS = Terms(duration=15, deadline=10, retry=0.001, write=0.01)


class Stored:
    """One lease, as the API server keeps it: a write from an outdated view is refused."""

    def __init__(self) -> None:
        self.lease = Lease()
        self.broken = False
        self.asked = 0

    async def read(self) -> Lease:
        self._count()
        return self.lease

    async def write(self, lease: Lease) -> Lease:
        self._count()
        if lease.resource_version != self.lease.resource_version:
            raise ValueError("outdated")
        self.lease = replace(lease, resource_version=str(int(lease.resource_version or 0) + 1))
        return self.lease

    def _count(self) -> None:
        self.asked += 1
        if self.broken:
            raise OSError("no answer")


class Scene:
    def __init__(self) -> None:
        self.clock = StillClock()
        self.stored = Stored()
        self.made: list[Leadership] = []

    def replica(self, name: str) -> Leadership:
        self.made.append(Leadership(self.stored, name, TERMS, self.clock, Metrics()))
        return self.made[-1]

    async def turns(self, count: int = 4) -> None:
        """Let everybody ask the store a few times."""
        wanted = self.stored.asked + count
        while self.stored.asked < wanted:  # noqa: ASYNC110 (the store has no event)
            await asyncio.sleep(0)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    for leadership in scene.made:
        await leadership.stop()


async def test_a_free_lease_is_taken_at_once(scene: Scene) -> None:
    one = scene.replica("one")
    await one.acquire()
    assert (scene.stored.lease.holder, one.left()) == ("one", 15.0)


async def test_a_lease_that_is_held_is_waited_for(scene: Scene) -> None:
    one, two = scene.replica("one"), scene.replica("two")
    await one.acquire()
    waiting = asyncio.create_task(two.acquire())
    await scene.turns(8)
    waiting.cancel()
    assert (scene.stored.lease.holder, two.left()) == ("one", 0.0)


async def test_a_released_lease_is_taken_over_at_once_and_counted(scene: Scene) -> None:
    one, two = scene.replica("one"), scene.replica("two")
    await one.acquire()
    waiting = asyncio.create_task(two.acquire())
    await scene.turns()
    await one.release()
    await waiting
    found = scene.stored.lease
    assert (found.holder, found.transitions, one.left()) == ("two", 1, 0.0)


async def test_a_silent_holder_is_overtaken_when_the_lease_has_run_out(scene: Scene) -> None:
    one, two = scene.replica("one"), scene.replica("two")
    await one.acquire()
    await one.stop()
    waiting = asyncio.create_task(two.acquire())
    await scene.turns()
    scene.clock.seconds += 14.9
    await scene.turns()
    before = scene.stored.lease.holder
    scene.clock.seconds += 0.2
    await waiting
    assert (before, scene.stored.lease.holder, one.left()) == ("one", "two", 0.0)


async def test_the_wall_clock_of_the_holder_decides_nothing(scene: Scene) -> None:
    one, two = scene.replica("one"), scene.replica("two")
    await one.acquire()
    await one.stop()
    scene.stored.lease = replace(scene.stored.lease, renewed=None, acquired=None)
    waiting = asyncio.create_task(two.acquire())
    await scene.turns()
    waiting.cancel()
    assert scene.stored.lease.holder == "one"


async def test_what_cannot_be_renewed_runs_out_and_is_lost_before(scene: Scene) -> None:
    one = scene.replica("one")
    await one.acquire()
    scene.stored.broken = True
    scene.clock.seconds += 9
    await scene.turns()
    before = (one.lost, one.left())
    scene.clock.seconds += 1.1
    await one.wait_lost()
    assert (before, one.left()) == ((False, 6.0), 0.0)


async def test_a_lease_in_other_hands_is_lost(scene: Scene) -> None:
    one = scene.replica("one")
    await one.acquire()
    found = scene.stored.lease
    scene.stored.lease = replace(found, holder="two", resource_version="99")
    await one.wait_lost()
    assert (one.left(), scene.stored.lease.holder) == (0.0, "two")


async def test_one_failed_renewal_is_made_up_for(scene: Scene) -> None:
    one = scene.replica("one")
    await one.acquire()
    scene.stored.broken = True
    scene.clock.seconds += 5
    await scene.turns()
    scene.stored.broken = False
    await scene.turns()
    assert (one.left(), one.lost) == (15.0, False)


@pytest.mark.parametrize(
    "times",
    [
        {"deadline": 15.0},
        {"retry": 10.0},
        {"retry": 0.0},
        {"write": 13.0},
    ],
)
def test_times_that_do_not_fit_together_are_refused(times: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="is needed"):
        Terms(**times)  # type: ignore[arg-type]
