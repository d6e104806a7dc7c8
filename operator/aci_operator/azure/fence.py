"""No write to Azure that could outlive the right to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .errors import NotLeading

FENCED = "aci_operator_fenced"
"""Option of a request that the transport is to check once more, right before it sends."""


@dataclass(frozen=True)
class Fence:
    """How long this replica surely leads, and how long a write may take; both in seconds.

    ARM has no fencing token: a write that was sent in time and answered late is bounded by the
    time-out alone (design.md section 3.11).
    """

    left: Callable[[], float]
    write_seconds: float

    def check(self, operation: str) -> None:
        """Raise NotLeading unless the lease outlasts a write that begins now."""
        left = self.left()
        if left <= self.write_seconds:
            raise NotLeading(
                f"{operation} was not sent: the lease is ours for {left:.1f} s more, and a write "
                f"may take {self.write_seconds:g} s"
            )
