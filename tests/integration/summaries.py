"""What an object says in short: Ready's status and reason, and which summary stands beside it."""

from __future__ import annotations

from typing import Any

from integration.world import condition_of

Summary = tuple[str, str, str]


def summary(item: dict[str, Any]) -> Summary:
    """Give for example `("False", "NoAccount", "Stalled")`; the last is "" beside Ready=True.

    AssertionError if the conditions contradict each other.
    """
    ready = condition_of(item, "Ready")
    beside = [type_ for type_ in ("Reconciling", "Stalled") if condition_of(item, type_)]
    for type_ in beside:
        found = condition_of(item, type_)
        assert (found["status"], found["reason"], found["message"]) == (
            "True",
            ready["reason"],
            ready["message"],
        )
    return ready["status"], ready["reason"], "+".join(beside)
