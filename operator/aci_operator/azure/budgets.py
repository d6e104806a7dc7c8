"""Rate limits: who must not ask Azure before when.

Limits are reckoned before they are met, from our own requests and from `x-ms-ratelimit-*` headers
(`pace`). One 429 speaks for every object that shares its budget, so that the others do not each go
and collect one (design.md section 3.7). Nothing here waits: a call that must wait is refused with
the time, which becomes a requeue.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from .errors import Throttled
from .pace import RESERVE, Bucket, Window

Access = Literal["read", "write", "delete"]

_ACCESS: dict[str, Access] = {"GET": "read", "HEAD": "read", "DELETE": "delete"}

MAX_ENTRIES = 1024
"""Budgets that are remembered; beyond it those that open first, or are oldest, are forgotten."""

MAX_WAITING = 10_000
"""Calls that keep their place in a line."""

_REMAINING = "x-ms-ratelimit-remaining-subscription-"
_ACI = "microsoft.containerinstance"
_WINDOWS = {"pt5m": (100, 300.0), "pt1h": (300, 3600.0)}
"""ACI's limits for creations and, apart, deletions, by subscription and region, until a header
tells of more; requests and seconds (azure.md section 9)."""
_REFILL: dict[Access, float] = {"read": 25.0, "write": 10.0, "delete": 10.0}
"""What ARM gives back each second, by principal and subscription (azure.md section 9)."""


class Budget(NamedTuple):
    """What shares one limit (azure.md section 9).

    `place` is a subscription, or the host of a vault's data plane. `provider` empty means ARM's
    own limit, which stands before all providers; `region` empty means all regions, and a call
    that does not count against a limit of a region.
    """

    principal: str
    place: str
    provider: str
    region: str
    access: Access


def access_of(method: str) -> Access:
    """Give the class of a request: ARM counts reads, writes and deletes apart."""
    return _ACCESS.get(method.upper(), "write")


def _never() -> bool:
    return False


def _nothing(_: float) -> None:
    return None


class Budgets:
    """What is closed, each with the time it opens again, and what is left of the limits."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        routine: Callable[[], bool] = _never,
        waits: Callable[[float], None] = _nothing,
    ) -> None:
        """Take a clock; `routine` says whether nobody waits for the call that is being made.

        `waits` is told the seconds of each wait that a call is sent into.
        """
        self._clock = clock
        self._routine = routine
        self._waits = waits
        self._opens: dict[Budget, float] = {}
        self._windows: dict[Budget, dict[str, Window]] = {}
        self._buckets: dict[Budget, Bucket] = {}
        self._waiting: dict[Budget, dict[str, None]] = {}

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
        self._waits(after)

    def learn(self, budget: Budget, headers: Mapping[str, str]) -> None:
        """Take in what an answer's headers (names in lower case) say of what is left."""
        now = self._clock()
        for name, window in self._windows_of(budget).items():
            left = headers.get(f"{_REMAINING}resource-requests-{name}", "")
            if left.isdecimal():
                window.learn(now, int(left))
        left = headers.get(f"{_REMAINING}{budget.access}s", "")
        if left.isdecimal():
            self._bucket_of(budget).learn(now, int(left))

    def rest(self, budget: Budget, operation: str = "") -> float:
        """Give the seconds until a call on this budget may go out; 0 means now."""
        now = self._clock()
        wider = {
            budget,
            budget._replace(region=""),
            budget._replace(provider="", region=""),
        }
        closed = max((self._opens.get(key, 0.0) for key in wider), default=0.0) - now
        reserve = RESERVE if self._routine() else 0.0
        windows = self._windows_of(budget).values()
        at_once = [window.rest(now, 0, reserve) for window in windows]
        if any(at_once):
            place = self._place(budget, operation)
            at_once = [window.rest(now, place, reserve) for window in windows]
        return max(0.0, closed, *at_once, self._bucket_of(budget).rest(now, reserve))

    def check(self, budget: Budget, operation: str) -> float:
        """Count a call that is sent now, and give the time, for `answered`.

        Raises Throttled, without asking Azure, if it must wait.

        Those that wait for the same limit are told different times, as many for each as it has
        room for, in the order in which they first asked.
        """
        rest = self.rest(budget, operation)
        if rest > 0:
            self._waits(rest)
            raise Throttled(
                f"Azure asked to wait before the next {budget.access} in this budget",
                code="BudgetClosed",
                operation=operation,
                after=rest,
            )
        now = self._clock()
        for window in self._windows_of(budget).values():
            window.spend(now)
        self._bucket_of(budget).spend(now)
        self._waiting.get(_shared(budget), {}).pop(operation, None)
        return now

    def answered(self, budget: Budget, sent: float) -> None:
        """Take in that the call that was sent then has been answered, or given up, now."""
        now = self._clock()
        for window in self._windows_of(budget).values():
            window.answered(now, sent)

    def remaining(self) -> Iterator[tuple[str, str, float]]:
        """Give subscription (or vault), name and rest of each limit that is known."""
        now = self._clock()
        for key, windows in self._windows.items():
            for name, window in windows.items():
                bucket = f"containergroups-{key.access}s-{key.region}-{name}"
                yield key.place, bucket, window.remaining(now)
        for key, found in self._buckets.items():
            if found.remaining(now) < float("inf"):
                yield key.place, f"arm-{key.access}s", found.remaining(now)

    def _place(self, budget: Budget, operation: str) -> int:
        line = self._waiting.setdefault(_shared(budget), {})
        if operation not in line and len(line) < MAX_WAITING:
            line[operation] = None
        for place, waiting in enumerate(line):
            if waiting == operation:
                return place
        return len(line)

    def _windows_of(self, budget: Budget) -> dict[str, Window]:
        """Give the limits that ACI has for creations and deletions in a region."""
        if budget.provider != _ACI or not budget.region or budget.access == "read":
            return {}
        key = _shared(budget)
        if key not in self._windows:
            _bound(self._windows)
            self._windows[key] = {name: Window(*known) for name, known in _WINDOWS.items()}
        return self._windows[key]

    def _bucket_of(self, budget: Budget) -> Bucket:
        key = budget._replace(provider="", region="")
        if key not in self._buckets:
            _bound(self._buckets)
            self._buckets[key] = Bucket(_REFILL[budget.access])
        return self._buckets[key]


def _shared(budget: Budget) -> Budget:
    """ACI counts for a subscription and region, whoever asks."""
    return budget._replace(principal="")


def _bound(known: dict[Budget, Any]) -> None:
    if len(known) >= MAX_ENTRIES:
        del known[next(iter(known))]
