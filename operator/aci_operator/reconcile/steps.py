"""How a pass can end early, typed by consequence: wait, or stall until somebody acts."""

from __future__ import annotations

import math

STALLED_RETRY = 60.0
"""Seconds between two tries of a stalled object: at most one request a minute."""


class Halt(Exception):
    """The pass ends here. `reason` is from `api.reasons`; `message` says field, why, way out."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class Wait(Halt):
    """Something is on its way.

    `after` is when to look again, in seconds; None means that a wake-up will come (and that the
    slow poll is enough otherwise). `backoff` asks for growing delays instead, `longest` seconds
    at most. `transient` marks what says nothing about the resource itself: an object that was
    Ready stays so. `recorded` marks what this very pass has written down already: status is then
    written only for the sake of objects that use this one.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        after: float | None = None,
        backoff: bool = False,
        longest: float = math.inf,
        transient: bool = False,
        recorded: bool = False,
    ) -> None:
        super().__init__(reason, message)
        self.after = after
        self.backoff = backoff
        self.longest = longest
        self.transient = transient
        self.recorded = recorded


class Unwell(Wait):
    """What is there does not do its work: worth a warning when it begins."""


class Mood(Wait):
    """A wait that Azure imposes and that may never end: tried again with backoff.

    After `patience` seconds of it a human is told (`Stall`); while it lasts an event says so each
    `remind` seconds.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        after: float,
        longest: float,
        patience: float = math.inf,
        remind: float = math.inf,
    ) -> None:
        super().__init__(reason, message, after=after, backoff=True, longest=longest)
        self.patience = patience
        self.remind = remind


class Stall(Halt):
    """A human must act. Tried again when the object or what it names changes, and slowly."""

    def __init__(self, reason: str, message: str, *, after: float = STALLED_RETRY) -> None:
        super().__init__(reason, message)
        self.after = max(after, STALLED_RETRY)
