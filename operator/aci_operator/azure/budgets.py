"""Rate limits that Azure has told us about: who must not ask before when.

One 429 speaks for every object that shares its budget, so that the others do not each go and
collect one (design.md section 3.7). Budgets learned from `x-ms-ratelimit-*` headers come later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from .errors import Throttled

Access = Literal["read", "write", "delete"]

_ACCESS: dict[str, Access] = {"GET": "read", "HEAD": "read", "DELETE": "delete"}

MAX_ENTRIES = 1024
"""Closed budgets that are remembered; beyond it those that open first are forgotten."""


class Budget(NamedTuple):
    """What shares one limit (azure.md section 9).

    `place` is a subscription, or the host of a vault's data plane. `provider` empty means ARM's
    own limit, which stands before all providers; `region` empty means all regions.
    """

    principal: str
    place: str
    provider: str
    region: str
    access: Access


def access_of(method: str) -> Access:
    """Give the class of a request: ARM counts reads, writes and deletes apart."""
    return _ACCESS.get(method.upper(), "write")


class Budgets:
    """The budgets that are closed, each with the time it opens again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opens: dict[Budget, float] = {}

    def close(self, budget: Budget, after: float, *, whole_arm: bool = False) -> None:
        """Keep a budget closed for `after` seconds; an earlier opening is never brought forward.

        `whole_arm` says that the limit was ARM's own and not the provider's.
        """
        key = budget._replace(provider="", region="") if whole_arm else budget
        now = self._clock()
        self._opens = {kept: opens for kept, opens in self._opens.items() if opens > now}
        self._opens[key] = max(self._opens.get(key, 0.0), now + after)
        if len(self._opens) > MAX_ENTRIES:
            del self._opens[min(self._opens, key=self._opens.__getitem__)]

    def rest(self, budget: Budget) -> float:
        """Give the seconds until a call on this budget may go out; 0 means now."""
        wider = {
            budget,
            budget._replace(region=""),
            budget._replace(provider="", region=""),
        }
        opens = max((self._opens.get(key, 0.0) for key in wider), default=0.0)
        return max(0.0, opens - self._clock())

    def check(self, budget: Budget, operation: str) -> None:
        """Raise Throttled, without asking Azure, while the budget is closed."""
        rest = self.rest(budget)
        if rest > 0:
            raise Throttled(
                f"Azure asked to wait before the next {budget.access} in this budget",
                code="BudgetClosed",
                operation=operation,
                after=rest,
            )
