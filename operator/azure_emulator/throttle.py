"""ARM's own limits: token buckets per principal, and one fifteen times as large for all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from azure_emulator.clock import Clock
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings

Kind = Literal["reads", "writes", "deletes"]
SIZES: dict[Kind, tuple[float, float]] = {
    "reads": (250, 25),
    "writes": (200, 10),
    "deletes": (200, 10),
}
"""Size of a bucket and what flows in per second (azure.md section 9 [doc])."""
ALL = 15
"""How many times as much all principals of a subscription have together (section 9 [doc])."""
_BUCKETS_KEPT = 10_000


@dataclass
class _Bucket:
    size: float
    rate: float
    left: float
    seen: float

    def fill(self, now: float) -> None:
        """Let flow in what time has brought."""
        self.left = min(self.size, self.left + (now - self.seen) * self.rate)
        self.seen = now

    def wait(self) -> int:
        """Give the whole seconds until one more request fits, 0 if it does now."""
        return 0 if self.left >= 1 else max(math.ceil((1 - self.left) / self.rate), 1)


class Throttle:
    """Counts requests to ARM per subscription (or tenant), principal and kind (knob 10)."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._buckets: dict[tuple[str, str, Kind], _Bucket] = {}

    def spend(self, place: str, oid: str, kind: Kind) -> None:
        """Count one request; `place` is a subscription's ID, or "" for the tenant.

        Raises AzureError 429 SubscriptionRequestsThrottled with Retry-After (text: azure.md
        section 7.2; that tenants' have a code of their own is not known). Such a request takes
        nothing out of the buckets.
        """
        if self._settings.arm_bucket_scale <= 0:
            return
        buckets = (self._bucket(place, oid, kind, 1), self._bucket(place, "", kind, ALL))
        wait = max(bucket.wait() for bucket in buckets)
        if wait:
            raise AzureError(
                429,
                "SubscriptionRequestsThrottled",
                f"Number of '{kind.removesuffix('s')}' requests for subscription '{place}' actor "
                f"'{oid}' exceeded. Please try again after '{wait}' seconds.",
                headers={"Retry-After": str(wait)},
                gateway=True,
            )
        for bucket in buckets:
            bucket.left -= 1

    def left(self, place: str, oid: str, kind: Kind) -> tuple[int, int] | None:
        """Give what remains for a principal and for all together; None without buckets."""
        if self._settings.arm_bucket_scale <= 0:
            return None
        mine, everybodys = self._bucket(place, oid, kind, 1), self._bucket(place, "", kind, ALL)
        return int(mine.left), int(everybodys.left)

    def _bucket(self, place: str, oid: str, kind: Kind, times: int) -> _Bucket:
        size, rate = (part * times * self._settings.arm_bucket_scale for part in SIZES[kind])
        size, now = max(size, 1.0), self._clock.now()
        key = (place.lower(), oid, kind)
        found = self._buckets.get(key)
        if found is None or (found.size, found.rate) != (size, rate):
            if len(self._buckets) >= _BUCKETS_KEPT:
                del self._buckets[next(iter(self._buckets))]
            found = self._buckets[key] = _Bucket(size, rate, size, now)
        found.fill(now)
        return found
