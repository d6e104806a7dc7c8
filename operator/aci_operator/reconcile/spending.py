"""How many requests a pass has sent to Azure: what is retried slowly is paced by it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Spent:
    """The count of one pass; shared reads count for the pass that began them."""

    requests: int = 0


_NOW: ContextVar[Spent | None] = ContextVar("spent", default=None)


def begin() -> Spent:
    """Count from nought in this task, and in those that it starts."""
    spent = Spent()
    _NOW.set(spent)
    return spent


def count() -> None:
    """One more request was sent by the pass that runs here; outside a pass nobody counts."""
    spent = _NOW.get()
    if spent is not None:
        spent.requests += 1
