from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import structlog

from aci_operator.api.objects import Key
from aci_operator.azure.errors import Rejected
from aci_operator.engine.queue import Share, WorkQueue
from aci_operator.engine.workers import Outcome, Reconcile, Workers
from aci_operator.telemetry import logs
from engine_builders import StillClock, key

FIELDS = (
    "event",
    "kind",
    "namespace",
    "name",
    "generation",
    "arm_id",
    "action",
    "reason",
    "correlation_id",
    "message",
)


class Passes:
    """A reconcile function that answers what it is told, and a queue whose time stands still."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.queue = WorkQueue(self.clock)
        self.seen: list[str] = []
        self.answer: Callable[[], Outcome] = Outcome

    async def reconcile(self, key: Key) -> Outcome:
        self.seen.append(key.name)
        return self.answer()

    @asynccontextmanager
    async def at_work(self, reconcile: Reconcile | None = None) -> AsyncIterator[Workers]:
        workers = Workers(self.queue, reconcile or self.reconcile, count=2, jitter=lambda: 0.5)
        workers.start()
        try:
            yield workers
        finally:
            await workers.stop(within=1)

    async def settle(self) -> None:
        """Until nothing is due and nobody works."""
        while self.queue.depth() or self.queue.active():  # noqa: ASYNC110 (no wall-clock time)
            await asyncio.sleep(0)

    async def delays(self, until: float) -> list[float]:
        """The times of all passes within the next seconds, in steps of one second."""
        await self.settle()
        times: list[float] = []
        for second in range(1, int(until) + 1):
            self.clock.seconds += 1
            before = len(self.seen)
            self.queue.poke()
            await self.settle()
            times += [second] * (len(self.seen) - before)
        return times


@pytest.fixture
async def passes() -> Passes:
    return Passes()


def fail() -> Outcome:
    raise ValueError("the-secret-value")


async def test_an_outcome_without_a_time_is_not_looked_at_again(passes: Passes) -> None:
    async with passes.at_work():
        passes.queue.add(key("a"), Share.EDIT)
        assert (await passes.delays(100), passes.seen) == ([], ["a"])


async def test_an_outcome_with_a_time_is_looked_at_again_then(passes: Passes) -> None:
    passes.answer = lambda: Outcome(after=7)
    async with passes.at_work():
        passes.queue.add(key("a"), Share.EDIT)
        assert await passes.delays(20) == [7, 14]


async def test_failed_passes_come_back_with_growing_delays(passes: Passes) -> None:
    passes.answer = lambda: Outcome(failed=True)
    async with passes.at_work():
        passes.queue.add(key("a"), Share.EDIT)
        assert await passes.delays(20) == [1, 3, 7, 15]


async def test_a_time_is_the_least_delay_of_a_failed_pass(passes: Passes) -> None:
    passes.answer = lambda: Outcome(after=3, failed=True)
    async with passes.at_work():
        passes.queue.add(key("a"), Share.EDIT)
        assert await passes.delays(20) == [3, 6, 10, 18]


async def test_the_delays_of_a_failed_pass_grow_no_longer_than_it_says(passes: Passes) -> None:
    passes.answer = lambda: Outcome(failed=True, longest=5)
    async with passes.at_work():
        passes.queue.add(key("a"), Share.EDIT)
        assert await passes.delays(20) == [1, 3, 7, 12, 17]


async def test_a_success_starts_the_delays_anew(passes: Passes) -> None:
    answers = iter([Outcome(failed=True), Outcome(failed=True), Outcome(after=5)])
    passes.answer = lambda: next(answers, Outcome(failed=True))
    async with passes.at_work():
        passes.queue.add(key("a"), Share.EDIT)
        assert await passes.delays(16) == [1, 3, 8, 9, 11, 15]


async def test_an_exception_costs_its_key_a_delay_and_no_worker(passes: Passes) -> None:
    passes.answer = fail
    async with passes.at_work():
        for name in "abc":
            passes.queue.add(key(name), Share.EDIT)
        assert await passes.delays(3) == [1, 1, 1, 3, 3, 3]


async def logged(passes: Passes, caplog: pytest.LogCaptureFixture, error: Exception) -> str:
    def fail() -> Outcome:
        raise error

    passes.answer = fail
    with caplog.at_level(logging.ERROR):
        async with passes.at_work():
            passes.queue.add(key("a"), Share.EDIT)
            await passes.settle()
    (record,) = caplog.records
    return record.getMessage()


async def test_an_exception_is_logged_once_without_its_text(
    passes: Passes, caplog: pytest.LogCaptureFixture
) -> None:
    text = await logged(passes, caplog, ValueError("the-secret-value"))
    assert "the-secret-value" not in text
    assert all(word in text for word in ("Thing", "here", "ValueError", "test_workers.py"))


async def test_the_text_of_our_own_errors_is_logged(
    passes: Passes, caplog: pytest.LogCaptureFixture
) -> None:
    assert "no such size" in await logged(passes, caplog, Rejected("no such size"))


async def test_a_failed_pass_is_one_line_with_the_fields_of_all_lines(
    passes: Passes, capsys: pytest.CaptureFixture[str], logging_as_before: None
) -> None:
    async def reconcile(_: Key) -> Outcome:
        logs.bind(generation=3, arm_id="/subscriptions/s", correlation_id="c-1")
        raise Rejected("no such size")

    logs.configure()
    async with passes.at_work(reconcile):
        passes.queue.add(key("a"), Share.EDIT)
        await passes.settle()
    (line,) = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert {name: line[name] for name in FIELDS} == {
        "event": "pass failed",
        "kind": "Thing",
        "namespace": "here",
        "name": "a",
        "generation": 3,
        "arm_id": "/subscriptions/s",
        "action": "pass",
        "reason": "Rejected",
        "correlation_id": "c-1",
        "message": "no such size",
    }


async def test_what_a_pass_bound_is_not_said_of_the_next_one(passes: Passes) -> None:
    seen: list[object] = []

    async def reconcile(_: Key) -> Outcome:
        seen.append(structlog.contextvars.get_contextvars().get("arm_id"))
        logs.bind(arm_id="/subscriptions/s")
        return Outcome()

    async with passes.at_work(reconcile):
        for name in "abc":
            passes.queue.add(key(name), Share.EDIT)
        await passes.settle()
    assert seen == ["", "", ""]


async def test_one_key_is_never_in_two_hands(passes: Passes) -> None:
    at_once = 0
    most = 0

    async def reconcile(_: Key) -> Outcome:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        return Outcome()

    async with passes.at_work(reconcile):
        for _ in range(20):
            passes.queue.add(key("a"), Share.EDIT)
            await asyncio.sleep(0)
        await passes.settle()
    assert most == 1


async def test_stopping_lets_the_running_pass_end_and_begins_no_other(passes: Passes) -> None:
    gate = asyncio.Event()
    ended: list[str] = []

    async def reconcile(key: Key) -> Outcome:
        await gate.wait()
        ended.append(key.name)
        return Outcome(after=0)

    async with passes.at_work(reconcile) as workers:
        for name in "abc":
            passes.queue.add(key(name), Share.EDIT)
        await asyncio.sleep(0.01)
        stopping = asyncio.create_task(workers.stop(within=5))
        await asyncio.sleep(0)
        gate.set()
        await stopping
    assert ended == ["a", "b"]


async def test_a_pass_that_does_not_end_is_cut_off(passes: Passes) -> None:
    async def reconcile(_: Key) -> Outcome:
        await asyncio.Event().wait()
        return Outcome()

    async with passes.at_work(reconcile) as workers:
        passes.queue.add(key("a"), Share.EDIT)
        await asyncio.sleep(0.01)
        await workers.stop(within=0.01)
    assert passes.queue.active() == 0


async def test_passes_are_counted_by_kind_and_result(passes: Passes) -> None:
    answers = iter([Outcome(), Outcome(after=9), Outcome(failed=True)])
    passes.answer = lambda: next(answers)
    async with passes.at_work() as workers:
        for name in "abc":
            passes.queue.add(key(name), Share.EDIT)
        await passes.settle()
    text = workers.metrics.text().decode()
    counts = [
        line for line in text.splitlines() if line.startswith("controller_runtime_reconcile_total")
    ]
    assert sorted(counts) == [
        f'controller_runtime_reconcile_total{{controller="thing",result="{result}"}} 1.0'
        for result in ("error", "requeue_after", "success")
    ]
