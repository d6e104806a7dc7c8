"""The workers: they take keys off the queue, reconcile them, and put them back with a delay."""

from __future__ import annotations

import asyncio
import math
import random
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePath

from aci_operator.api.objects import Key
from aci_operator.engine.backoff import CAP, backoff
from aci_operator.engine.queue import Closed, Share, Work, WorkQueue, share_of_pass
from aci_operator.telemetry.logs import bound, logger
from aci_operator.telemetry.metrics import QUEUE, Metrics

log = logger(__name__)

STOP_SECONDS = 20.0
_OURS = "aci_operator."


@dataclass(frozen=True)
class Outcome:
    """What one pass over an object asks for next.

    `after`: seconds until the next look, None for none (something else will wake the object).
    `failed`: try again with backoff, in no less than `after` and no more than `longest` seconds;
    without `longest` it grows to the backoff's own cap.
    """

    after: float | None = None
    share: Share = Share.DRIFT
    failed: bool = False
    longest: float = math.inf


Reconcile = Callable[[Key], Awaitable[Outcome]]


class Workers:
    """`count` tasks that reconcile; an exception costs its key a backoff, never a worker."""

    def __init__(
        self,
        queue: WorkQueue,
        reconcile: Reconcile,
        count: int = 20,
        metrics: Metrics | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.queue = queue
        self._reconcile = reconcile
        self._count = count
        self.metrics = metrics or Metrics()
        self._jitter = jitter
        self._failures: dict[Key, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.metrics.max_concurrent.set(count)
        self.metrics.watch_depth(queue.depth)

    def start(self) -> None:
        """Begin to work."""
        self._tasks = [
            asyncio.create_task(self._work(), name=f"worker {number}")
            for number in range(self._count)
        ]

    async def stop(self, within: float = STOP_SECONDS) -> bool:
        """Take no new work, let passes end for at most `within` seconds, then cancel them.

        Gives whether none had to be cancelled.
        """
        self.queue.close()
        if not self._tasks:
            return True
        _, late = await asyncio.wait(self._tasks, timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if late:
            log.warning("passes were cut off at the end", count=len(late))
        return not late

    async def _work(self) -> None:
        while True:
            try:
                work = await self.queue.get()
            except Closed:
                return
            try:
                outcome = await self._attempt(work)
                self._requeue(work.key, outcome)
            finally:
                self.queue.done(work.key)

    async def _attempt(self, work: Work) -> Outcome:
        controller = work.key.kind.lower()
        share_of_pass.set(work.share)
        with self.metrics.working(controller, work.waited), _told_about(work.key):
            try:
                outcome = await self._reconcile(work.key)
            except Exception as error:
                _report(error)
                outcome = Outcome(share=work.share, failed=True)
        self.metrics.reconciled(controller, _result(outcome))
        return outcome

    def _requeue(self, key: Key, outcome: Outcome) -> None:
        after = outcome.after
        if outcome.failed:
            self._failures[key] = self._failures.get(key, 0) + 1
            after = max(after or 0.0, self._pause(key, outcome.longest))
            self.metrics.queue_retries.inc()
        else:
            self._failures.pop(key, None)
        if after is not None:
            self.queue.add(key, outcome.share, after)
            self.metrics.queue_adds.labels(QUEUE, outcome.share).inc()

    def _pause(self, key: Key, longest: float) -> float:
        cap = CAP if math.isinf(longest) else max(CAP, longest)
        return min(backoff(self._failures[key], self._jitter, cap), longest)


def _result(outcome: Outcome) -> str:
    if outcome.failed:
        return "error"
    return "success" if outcome.after is None else "requeue_after"


def _told_about(key: Key) -> AbstractContextManager[None]:
    """Have each line of the log that a pass writes name its object; the pass binds the rest."""
    about = {"kind": key.kind, "namespace": key.namespace, "name": key.name}
    return bound(**about, generation=0, arm_id="", correlation_id="")


def _report(error: Exception) -> None:
    """Log an error that the pass did not handle, once, with the fields that all lines have.

    Its text is shown only if it is one of our own types, which are made without bodies and secrets;
    a library's message may quote what it was given. The place in the code is safe to show.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    ours = type(error).__module__.startswith(_OURS)
    log.error(
        "pass failed",
        action="pass",
        reason=type(error).__name__,
        error=type(error).__name__,
        message=str(error) if ours else "",
        where=" > ".join(where),
    )
