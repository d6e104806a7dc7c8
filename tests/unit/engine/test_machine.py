from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.engine.machine import Lists, Machine
from aci_operator.engine.queue import WorkQueue
from aci_operator.engine.store import Store
from aci_operator.engine.workers import Outcome, Workers
from engine_builders import StillClock, body, key, references_of, thing


def _id(obj: Object) -> Hashable:
    return obj.status.get("id")


class Frame:
    """A machine over a cluster that is a plain list."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.cluster: list[Object] = []
        self.while_listing: Callable[[], None] = lambda: None
        self.seen: list[str] = []
        self.known: list[int] = []
        self.lists = 0
        self.failures: list[Exception] = []
        store = Store(references_of)
        self.queue = WorkQueue(self.clock)
        workers = Workers(self.queue, self.reconcile, count=2)
        lists = Lists(("Thing",), self.list_kind, first=0.0)
        self.machine = Machine(store, workers, _id, lists, self.clock)

    async def reconcile(self, key: Key) -> Outcome:
        self.seen.append(key.name)
        self.known.append(len(self.machine.store))
        return Outcome()

    async def list_kind(self, kind: str) -> list[Object]:
        self.while_listing()
        self.lists += 1
        if self.failures:
            raise self.failures.pop()
        return [obj for obj in self.cluster if obj.key.kind == kind]

    async def passes(self) -> list[str]:
        """The names that were looked at since the last call, sorted."""
        while self.queue.depth() or self.queue.active():  # noqa: ASYNC110 (no wall-clock time)
            await asyncio.sleep(0)
        seen, self.seen = self.seen, []
        return sorted(seen)


@pytest.fixture
async def frame() -> AsyncIterator[Frame]:
    frame = Frame()
    yield frame
    await frame.machine.stop()


async def test_the_start_looks_at_everything_once(frame: Frame) -> None:
    frame.cluster = [thing("a"), thing("b", spec={"refs": ["a"]})]
    await frame.machine.start()
    assert await frame.passes() == ["a", "b"]


async def test_a_list_that_fails_is_asked_for_again_after_a_pause(frame: Frame) -> None:
    frame.cluster = [thing("a")]
    frame.failures = [OSError("down")]
    loop = asyncio.get_running_loop()
    began = loop.time()
    await frame.machine.start()
    assert (await frame.passes(), frame.lists) == (["a"], 2)
    assert loop.time() - began > 0.2


async def test_the_first_pass_sees_the_whole_cluster(frame: Frame) -> None:
    frame.cluster = [thing(name) for name in "abc"]
    await frame.machine.start()
    await frame.passes()
    assert frame.known == [3, 3, 3]


async def test_what_the_watch_repeats_after_the_start_wakes_nobody(frame: Frame) -> None:
    frame.cluster = [thing("a")]
    await frame.machine.start()
    await frame.passes()
    frame.machine.observe(body("a"))
    assert await frame.passes() == []


async def test_a_watched_object_is_looked_at(frame: Frame) -> None:
    await frame.machine.start()
    frame.machine.observe(body("a"))
    assert await frame.passes() == ["a"]


async def test_the_answer_to_our_own_write_makes_the_watch_old_news(frame: Frame) -> None:
    await frame.machine.start()
    frame.machine.observe(body("a", 1))
    await frame.passes()
    frame.machine.learn(thing("a", 3))
    frame.machine.observe(body("a", 2, generation=2))
    assert (await frame.passes(), frame.machine.store.get(key("a"))) == ([], thing("a", 3))


async def test_an_object_that_vanished_is_not_looked_at_any_more(frame: Frame) -> None:
    await frame.machine.start()
    frame.machine.observe(body("a"))
    frame.machine.vanish(body("a", 2))
    assert (await frame.passes(), len(frame.machine.store)) == ([], 0)


async def test_a_resync_drops_what_vanished_unseen_and_wakes_who_referred_to_it(
    frame: Frame,
) -> None:
    kept = thing("b", spec={"refs": ["ghost"]})
    frame.cluster = [thing("ghost"), kept]
    await frame.machine.start()
    await frame.passes()
    frame.cluster = [kept]
    await frame.machine.resync()
    assert (await frame.passes(), len(frame.machine.store)) == (["b"], 1)


async def test_a_resync_spares_what_appeared_while_it_listed(frame: Frame) -> None:
    await frame.machine.start()
    frame.while_listing = lambda: frame.machine.observe(body("young"))
    await frame.machine.resync()
    assert len(frame.machine.store) == 1


async def test_a_resync_takes_over_what_the_watch_missed(frame: Frame) -> None:
    frame.cluster = [thing("a", 1)]
    await frame.machine.start()
    await frame.passes()
    frame.cluster = [thing("a", 2, generation=2)]
    await frame.machine.resync()
    assert await frame.passes() == ["a"]


async def test_the_watch_is_deaf_until_it_delivers_what_a_resync_found(frame: Frame) -> None:
    await frame.machine.start()
    frame.cluster = [thing("a", 2)]
    await frame.machine.resync()
    frame.clock.seconds += 400
    deaf = frame.machine.deaf_for()
    frame.machine.observe(body("a", 1))
    still = frame.machine.deaf_for()
    frame.machine.observe(body("a", 2))
    assert (deaf, still, frame.machine.deaf_for()) == (400, 400, 0)


async def test_the_machine_is_ready_once_every_kind_is_listed(frame: Frame) -> None:
    before = frame.machine.ready
    await frame.machine.start()
    assert (before, frame.machine.ready) == (False, True)


async def test_a_list_that_can_never_work_ends_the_start(frame: Frame) -> None:
    def refuse() -> None:
        raise LookupError("no such kind")

    frame.while_listing = refuse
    with pytest.raises(LookupError):
        await frame.machine.start()


async def test_what_vanished_between_our_first_list_and_the_watch_is_soon_asked_for(
    frame: Frame,
) -> None:
    frame.cluster = [thing("a")]
    await frame.machine.start()
    frame.cluster = []
    while frame.lists < 2:  # noqa: ASYNC110 (no wall-clock time)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert frame.machine.store.get(key("a")) is None


async def test_what_the_watch_delivered_is_not_asked_for_again(frame: Frame) -> None:
    frame.cluster = [thing("a")]
    await frame.machine.start()
    frame.machine.observe(body("a"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert frame.lists == 1


async def test_the_watch_need_not_tell_the_end_of_what_it_never_saw(frame: Frame) -> None:
    frame.cluster = [thing("a")]
    await frame.machine.start()
    frame.clock.seconds += 400
    frame.machine.lose(key("a"), "uid-a")
    assert frame.machine.deaf_for() == 0


async def test_what_ended_while_a_resync_listed_it_is_not_waited_for(frame: Frame) -> None:
    frame.cluster = [thing("a")]
    await frame.machine.start()
    frame.machine.observe(body("a"))
    frame.while_listing = lambda: frame.machine.vanish(body("a", 2))
    await frame.machine.resync()
    frame.clock.seconds += 400
    assert (frame.machine.deaf_for(), len(frame.machine.store)) == (0, 0)
