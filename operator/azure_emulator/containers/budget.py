"""The request budgets of ACI: creates and deletes, each by the hour and by five minutes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from azure_emulator.clock import Clock
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings

Kind = Literal["write", "delete"]
_HEADER = "x-ms-ratelimit-remaining-subscription-resource-requests-"


@dataclass
class _Window:
    """A fixed window that opens with its first request; Azure's own way is not known."""

    seconds: float
    name: str
    interval: str
    opened: float = -math.inf
    spent: int = 0

    def turn(self, now: float) -> None:
        if now >= self.opened + self.seconds:
            self.opened, self.spent = now, 0


class Budgets:
    """Counters per subscription, region and kind (azure.md section 9, knob 9).

    They are spent by PUT and DELETE alone, refused ones included.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._windows: dict[tuple[str, str, Kind], tuple[_Window, _Window]] = {}

    def spend(self, subscription: str, region: str, kind: Kind) -> dict[str, str]:
        """Count one request and give the two headers of what remains.

        Raises AzureError 429 `ResourceRequestsThrottled` with Retry-After when one budget is
        used up; such a request is not counted. No 429 of ACI was ever seen: the text is that of
        the family to which ACI's headers belong (section 7.2).
        """
        windows = self._of(subscription.lower(), region, kind)
        now = self._clock.now()
        for window in windows:
            window.turn(now)
        for window in windows:
            if window.spent >= self._limit(window, kind):
                raise self._refusal(window, kind, now)
        for window in windows:
            window.spent += 1
        return self._headers(windows, kind)

    def _of(self, subscription: str, region: str, kind: Kind) -> tuple[_Window, _Window]:
        key = (subscription, region, kind)
        if key not in self._windows:
            self._windows[key] = (
                _Window(3600, "pt1h", "01:00:00"),
                _Window(300, "pt5m", "00:05:00"),
            )
        return self._windows[key]

    def _limit(self, window: _Window, kind: Kind) -> int:
        settings = self._settings
        if kind == "write":
            hour, minutes = settings.container_writes_per_hour, settings.container_writes_per_5m
        else:
            hour, minutes = settings.container_deletes_per_hour, settings.container_deletes_per_5m
        return hour if window.name == "pt1h" else minutes

    def _headers(self, windows: tuple[_Window, ...], kind: Kind) -> dict[str, str]:
        return {
            f"{_HEADER}{window.name}": str(max(self._limit(window, kind) - window.spent, 0))
            for window in windows
        }

    def _refusal(self, window: _Window, kind: Kind, now: float) -> AzureError:
        wait = max(math.ceil(window.opened + window.seconds - now), 1)
        return AzureError(
            429,
            "ResourceRequestsThrottled",
            "Number of requests for action 'Microsoft.ContainerInstance/containerGroups/"
            f"{kind}' exceeded the limit of '{self._limit(window, kind)}' for time interval "
            f"'{window.interval}'. Please try again after '{wait}' seconds.",
            headers={"Retry-After": str(wait)},
        )
