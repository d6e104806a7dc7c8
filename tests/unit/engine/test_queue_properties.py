from __future__ import annotations

import asyncio

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aci_operator.api.objects import Key
from aci_operator.engine.queue import Share, WorkQueue
from engine_builders import StillClock, key

KEYS = st.sampled_from([key(name) for name in "abcde"])
SHARES = st.sampled_from(list(Share))
DELAYS = st.sampled_from([0.0, 1.0, 5.0])


class QueueMachine(RuleBasedStateMachine):
    """The queue against a plain model: the earliest time and highest share asked for each key."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = StillClock()
        self.queue = WorkQueue(self.clock)
        self.loop = asyncio.new_event_loop()
        self.asked: dict[Key, tuple[float, Share]] = {}
        self.worked_on: set[Key] = set()

    def teardown(self) -> None:
        self.queue.close()
        self.loop.close()

    @rule(key=KEYS, share=SHARES, after=DELAYS)
    def add(self, key: Key, share: Share, after: float) -> None:
        self.queue.add(key, share, after)
        due, known = self.asked.get(key, (float("inf"), Share.DRIFT))
        higher = min(share, known, key=list(Share).index)
        self.asked[key] = (min(due, self.clock.seconds + after), higher)

    @rule()
    def get(self) -> None:
        if not self.due():
            return
        work = self.loop.run_until_complete(self.queue.get())
        assert work.key in self.due()
        assert work.share is self.asked.pop(work.key)[1]
        self.worked_on.add(work.key)

    @rule(key=KEYS)
    def done(self, key: Key) -> None:
        if key in self.worked_on:
            self.worked_on.discard(key)
            self.queue.done(key)

    @rule(key=KEYS)
    def forget(self, key: Key) -> None:
        self.queue.forget(key)
        self.asked.pop(key, None)

    @rule(seconds=st.sampled_from([0.5, 1.0, 5.0]))
    def pass_time(self, seconds: float) -> None:
        self.clock.seconds += seconds

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        waiting = len(self.asked) - len(self.due())
        known = (self.queue.depth(), self.queue.waiting(), self.queue.active())
        assert known == (len(self.due()), waiting, len(self.worked_on))

    def due(self) -> set[Key]:
        return {
            key
            for key, (due, _) in self.asked.items()
            if due <= self.clock.seconds and key not in self.worked_on
        }


TestQueueAgainstItsModel = QueueMachine.TestCase
TestQueueAgainstItsModel.settings = settings(max_examples=200, stateful_step_count=40)
