"""One time for the operator and for the emulated Azure."""

from __future__ import annotations

from datetime import UTC, datetime

from aci_operator.engine.clock import Clock
from azure_emulator.clock import Clock as AzureClock


class SharedClock(Clock):
    """The emulated Azure's time, for the operator."""

    def __init__(self, clock: AzureClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """Give Azure's time."""
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def monotonic(self) -> float:
        """Give it in seconds."""
        return self._clock.now()
