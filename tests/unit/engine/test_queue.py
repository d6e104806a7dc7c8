from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from aci_operator.api.objects import Key
from aci_operator.engine.queue import Closed, Share, WorkQueue
from engine_builders import StillClock, key


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def queue(clock: StillClock) -> WorkQueue:
    return WorkQueue(clock)


async def names(queue: WorkQueue, count: int) -> list[str]:
    return [(await queue.get()).key.name for _ in range(count)]


async def test_keys_of_one_share_come_in_the_order_of_their_adding(queue: WorkQueue) -> None:
    for name in "abc":
        queue.add(key(name), Share.EDIT)
    assert await names(queue, 3) == ["a", "b", "c"]


async def test_a_key_added_twice_is_handed_out_once(queue: WorkQueue) -> None:
    queue.add(key("a"), Share.EDIT)
    queue.add(key("a"), Share.EDIT)
    await queue.get()
    assert (queue.depth(), queue.waiting(), queue.active()) == (0, 0, 1)


async def test_a_key_waits_for_its_time(queue: WorkQueue, clock: StillClock) -> None:
    queue.add(key("later"), Share.EDIT, after=5)
    before = queue.depth()
    clock.seconds += 5
    assert (before, queue.depth()) == (0, 1)


async def test_the_earlier_time_wins(queue: WorkQueue, clock: StillClock) -> None:
    queue.add(key("a"), Share.DRIFT, after=600)
    queue.add(key("a"), Share.DRIFT, after=1)
    queue.add(key("a"), Share.DRIFT, after=60)
    clock.seconds += 1
    assert await names(queue, 1) == ["a"]
    clock.seconds += 600
    assert (queue.depth(), queue.waiting()) == (0, 0)


async def test_the_next_time_is_the_earliest_that_still_counts(queue: WorkQueue) -> None:
    for name, after in (("a", 600), ("a", 60), ("b", 30)):
        queue.add(key(name), Share.DRIFT, after=after)
    queue.forget(key("b"))
    assert queue.next_due() == 1060
    queue.forget(key("a"))
    assert queue.next_due() is None


async def test_the_higher_share_wins(queue: WorkQueue) -> None:
    queue.add(key("a"), Share.DRIFT)
    queue.add(key("a"), Share.EDIT)
    queue.add(key("a"), Share.HEALTH)
    assert (await queue.get()).share is Share.EDIT


async def test_a_key_added_while_it_is_worked_on_comes_back_after_done(queue: WorkQueue) -> None:
    queue.add(key("a"), Share.EDIT)
    await queue.get()
    queue.add(key("a"), Share.WAKE)
    while_worked_on = queue.depth()
    queue.done(key("a"))
    assert (while_worked_on, (await queue.get()).share) == (0, Share.WAKE)


async def test_what_is_added_twice_while_it_is_worked_on_comes_back_at_the_earlier_time(
    queue: WorkQueue,
) -> None:
    queue.add(key("a"), Share.EDIT)
    await queue.get()
    queue.add(key("a"), Share.DRIFT, 600)
    queue.add(key("a"), Share.EDIT)
    queue.done(key("a"))
    assert queue.depth() == 1
    assert (await queue.get()).share is Share.EDIT


async def test_a_forgotten_key_is_not_handed_out(queue: WorkQueue, clock: StillClock) -> None:
    queue.add(key("a"), Share.EDIT)
    queue.add(key("b"), Share.EDIT, after=1)
    queue.forget(key("a"))
    queue.forget(key("b"))
    clock.seconds += 1
    assert (queue.depth(), queue.waiting()) == (0, 0)


async def test_a_waiting_worker_gets_what_is_added(queue: WorkQueue) -> None:
    getting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.add(key("a"), Share.EDIT)
    assert (await getting).key == key("a")


async def test_a_waiting_worker_gets_what_becomes_due() -> None:
    queue = WorkQueue()
    queue.add(key("a"), Share.EDIT, after=0.01)
    assert await names(queue, 1) == ["a"]


async def test_a_cancelled_worker_passes_its_turn_on(queue: WorkQueue) -> None:
    first, second = (asyncio.create_task(queue.get()) for _ in range(2))
    await asyncio.sleep(0)
    queue.add(key("a"), Share.EDIT)
    first.cancel()
    assert (await second).key == key("a")


async def test_a_closed_queue_lets_every_waiting_worker_go(queue: WorkQueue) -> None:
    waiting = [asyncio.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(0)
    queue.close()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ends] == [Closed] * 3


async def test_every_share_gets_its_weight_of_the_turns(queue: WorkQueue) -> None:
    for share in Share:
        for number in range(100):
            queue.add(Key(share, "", str(number)), share)
    turns = Counter([(await queue.get()).share for _ in range(95)])
    assert turns == {
        Share.EDIT: 40,
        Share.WAKE: 20,
        Share.OPERATION: 20,
        Share.HEALTH: 10,
        Share.DRIFT: 5,
    }


async def test_an_edit_overtakes_a_flood_of_polls(queue: WorkQueue) -> None:
    for number in range(1000):
        queue.add(key(str(number)), Share.DRIFT)
    await names(queue, 500)
    queue.add(key("edit"), Share.EDIT)
    assert "edit" in await names(queue, 2)


async def test_a_share_that_was_idle_has_not_saved_turns(queue: WorkQueue) -> None:
    for number in range(200):
        queue.add(key(f"edit-{number}"), Share.EDIT)
    await names(queue, 100)
    for number in range(50):
        queue.add(key(f"drift-{number}"), Share.DRIFT)
    turns = Counter([(await queue.get()).share for _ in range(18)])
    assert turns == {Share.EDIT: 16, Share.DRIFT: 2}


async def test_the_work_tells_how_long_it_was_due(queue: WorkQueue, clock: StillClock) -> None:
    queue.add(key("a"), Share.EDIT, after=1)
    clock.seconds += 3
    assert (await queue.get()).waited == 2


async def test_a_forgotten_time_does_not_count_for_the_key_added_anew(
    queue: WorkQueue, clock: StillClock
) -> None:
    queue.add(key("a"), Share.EDIT, after=1)
    queue.forget(key("a"))
    queue.add(key("a"), Share.EDIT, after=5)
    clock.seconds += 1
    early = queue.depth()
    clock.seconds += 4
    assert (early, queue.depth()) == (0, 1)
