"""How late the event loop is: what hinders it hinders every pass, watch and lease."""

from __future__ import annotations

import asyncio

EVERY_SECONDS = 1.0


class LoopLag:
    """Asks to be woken each second and measures how late that is."""

    def __init__(self, every: float = EVERY_SECONDS) -> None:
        self._every = every
        self._due = 0.0
        self._last = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to measure."""
        self._task = asyncio.create_task(self._measure(), name="loop lag")

    def seconds(self) -> float:
        """Give how late the last wake-up was, or the next one is by now if that is more."""
        late = self._now() - self._due if self._task is not None and self._due else 0.0
        return max(0.0, self._last, late)

    async def stop(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _measure(self) -> None:
        while True:
            self._due = self._now() + self._every
            await asyncio.sleep(self._every)
            self._last = max(0.0, self._now() - self._due)

    def _now(self) -> float:
        # The loop's own clock is what its timers go by; a test may run it in lapsed time.
        return asyncio.get_running_loop().time()
