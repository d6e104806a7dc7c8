"""No write to Azure that could outlive the right to write, or that an administrator stopped."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from .errors import NotLeading, WritesStopped

FENCED = "aci_operator_fenced"
"""Option of a request that the transport is to check once more, right before it sends."""


def _for_ever() -> float:
    return math.inf


@dataclass(frozen=True)
class Fence:
    """How long this replica surely leads, and how long a write may take; both in seconds.

    ARM has no fencing token: a write that was sent in time and answered late is bounded by the
    time-out alone (design.md section 3.11).
    """

    left: Callable[[], float] = _for_ever
    write_seconds: float = 0.0
    """0: no bound, where there is no election."""
    stopped: Callable[[], str] = str
    """Why no write may be sent at all now; empty if writes may."""

    def check(self, operation: str) -> None:
        """Raise WritesStopped, or NotLeading unless the lease outlasts a write that begins now."""
        why = self.stopped()
        if why:
            raise WritesStopped(why, operation=operation)
        left = self.left()
        if left <= self.write_seconds:
            raise NotLeading(
                f"{operation} was not sent: the lease is ours for {left:.1f} s more, and a write "
                f"may take {self.write_seconds:g} s"
            )
