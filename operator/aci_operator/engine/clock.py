"""The time, in one place, so that tests can move it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Real time. Tests hand in one of their own with the same two methods."""

    def now(self) -> datetime:
        """The wall clock in UTC, for what people read."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only ever grow, for delays and ages."""
        return time.monotonic()
