"""Time in lapse: everything that waits for minutes waits for seconds.

The emulated Azure and the operator run in two processes; both count from the same moment at the
same speed, so that they agree about every time that one tells the other.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aci_operator.engine.clock import Clock
from azure_emulator.clock import Clock as AzureClock

_SPEED, _SINCE = "LAPSE_SPEED", "LAPSE_SINCE"


@dataclass(frozen=True)
class Lapse:
    """How many seconds pass in one, from which moment on (seconds since the epoch)."""

    speed: float
    since: float

    def now(self) -> float:
        """Give the time in seconds since the epoch."""
        return self.since + (time.time() - self.since) * self.speed

    def environ(self) -> dict[str, str]:
        """Give the variables by which another process learns of it."""
        return {_SPEED: repr(self.speed), _SINCE: repr(self.since)}

    @classmethod
    def of_environ(cls, environ: Mapping[str, str] = os.environ) -> Lapse:
        """Take it from the variables; KeyError if they are not there."""
        return cls(float(environ[_SPEED]), float(environ[_SINCE]))


class LapsedAzureClock(AzureClock):
    """The emulator's clock."""

    def __init__(self, lapse: Lapse) -> None:
        super().__init__()
        self._lapse = lapse

    def now(self) -> float:
        return self._lapse.now() + self._offset


class LapsedClock(Clock):
    """The operator's clock; goes as `LapsedLoop` goes."""

    def __init__(self, lapse: Lapse) -> None:
        self._lapse = lapse

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._lapse.now(), UTC)

    def monotonic(self) -> float:
        return time.monotonic() * self._lapse.speed


class _Selector(selectors.DefaultSelector):
    """Waits the real part of what the loop asks for."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / self._speed)


class LapsedLoop(asyncio.SelectorEventLoop):
    """An event loop whose sleeps, timers and time-outs are in lapsed seconds."""

    def __init__(self, speed: float) -> None:
        super().__init__(_Selector(speed))
        self._speed = speed

    def time(self) -> float:
        return super().time() * self._speed
