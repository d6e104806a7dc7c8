"""The emulator's time: the machine's clock plus what tests add to it, or a frozen one."""

from __future__ import annotations

import time

from azure_emulator.keeping import Kept


class Clock(Kept):
    """Seconds since the epoch, which tests move.

    Nothing in the emulator sleeps or sets timers: every state that changes with time is worked
    out from stored times when somebody reads it. So moving the clock is enough.
    """

    KEPT = ("_offset",)

    def __init__(self, *, frozen_at: float | None = None) -> None:
        self._frozen = frozen_at
        self._offset = 0.0

    def now(self) -> float:
        """Give the time in seconds since the epoch."""
        start = time.time() if self._frozen is None else self._frozen
        return start + self._offset

    def advance(self, seconds: float) -> None:
        """Move time forward."""
        if seconds < 0:
            raise ValueError("time only moves forward")
        self._offset += seconds
