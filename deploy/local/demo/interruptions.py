"""Ctrl-C, a closed terminal and SIGTERM, which may come at any moment."""

from __future__ import annotations

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody wants the demo to end; `code` is the exit code that says so."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


class Interruptions:
    """Raises Interrupted in the main thread, once, and only between `allow` and `refuse`.

    What comes before `allow` is raised by it; what comes later than `refuse`, or a second time,
    has no effect: then everything is being ended already.
    """

    def __init__(self) -> None:
        self._allowed = False
        self._pending: int | None = None
        for number in _SIGNALS:
            signal.signal(number, self._arrive)

    def allow(self) -> None:
        """From now on a signal interrupts. Raises Interrupted if one came before."""
        self._allowed = True
        if self._pending is not None:
            self._raise(self._pending)

    def refuse(self) -> None:
        """Let nothing interrupt what is left to do."""
        self._allowed = False

    def _arrive(self, number: int, _frame: FrameType | None) -> None:
        if self._allowed:
            self._raise(number)
        self._pending = number

    def _raise(self, number: int) -> None:
        self._allowed = False
        raise Interrupted(number)
