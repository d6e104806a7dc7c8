"""ARM's token buckets."""

from __future__ import annotations

import pytest

from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings
from azure_emulator.throttle import Throttle
from emulator.conftest import GROUP, NOON, AsCaller, Client

REMAINING = "x-ms-ratelimit-remaining-subscription"


def spend(throttle: Throttle, kind: str, times: int, oid: str = "a", place: str = "s") -> None:
    for _ in range(times):
        throttle.spend(place, oid, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "size"), [("reads", 250), ("writes", 200), ("deletes", 200)])
def test_a_bucket_of_the_documented_size_runs_dry(kind: str, size: int) -> None:
    throttle = Throttle(Settings(arm_bucket_scale=1), Clock(frozen_at=NOON))
    spend(throttle, kind, size)
    with pytest.raises(AzureError, match="429 SubscriptionRequestsThrottled"):
        spend(throttle, kind, 1)


def test_a_bucket_fills_again() -> None:
    clock = Clock(frozen_at=NOON)
    throttle = Throttle(Settings(arm_bucket_scale=1), clock)
    spend(throttle, "writes", 200)
    clock.advance(2)
    spend(throttle, "writes", 20)
    assert throttle.left("s", "a", "writes") == (0, 3000 - 20)


def test_principals_subscriptions_and_kinds_have_buckets_of_their_own() -> None:
    throttle = Throttle(Settings(arm_bucket_scale=0.01), Clock(frozen_at=NOON))
    spend(throttle, "writes", 2)
    spend(throttle, "reads", 2)
    spend(throttle, "writes", 2, oid="b")
    spend(throttle, "writes", 2, place="t")
    with pytest.raises(AzureError):
        spend(throttle, "writes", 1)


def test_all_principals_together_have_fifteen_times_as_much() -> None:
    throttle = Throttle(Settings(arm_bucket_scale=0.01), Clock(frozen_at=NOON))
    for number in range(15):
        spend(throttle, "writes", 2, oid=str(number))
    with pytest.raises(AzureError, match="actor 'last'"):
        spend(throttle, "writes", 1, oid="last")


def test_without_buckets_nothing_is_refused() -> None:
    throttle = Throttle(Settings(), Clock(frozen_at=NOON))
    spend(throttle, "writes", 10_000)
    assert throttle.left("s", "a", "writes") is None


async def test_a_dry_bucket_is_answered_429_with_the_seconds_to_wait(
    arm: Client, azure: Emulator, group: str
) -> None:
    azure.settings.change({"arm_bucket_scale": 0.005})
    first = await arm("PUT", GROUP, "2025-04-01", {"location": "westus"})
    second = await arm("PUT", GROUP, "2025-04-01", {"location": "westus"})
    assert (first.status, first.headers[f"{REMAINING}-writes"]) == (200, "0")
    assert (second.status, second.code) == (429, "SubscriptionRequestsThrottled")
    assert second.headers["Retry-After"] == "20"
    assert "Number of 'write' requests for subscription '0000" in second.message
    azure.clock.advance(20)
    assert (await arm("PUT", GROUP, "2025-04-01", {"location": "westus"})).status == 200


async def test_a_refused_caller_does_not_hold_up_another(
    arm: Client, azure: Emulator, as_caller: AsCaller, group: str
) -> None:
    azure.settings.change({"arm_bucket_scale": 0.004})
    other, _ = as_caller("Reader")
    statuses = [(await arm("GET", GROUP, "2025-04-01")).status for _ in range(2)]
    assert [*statuses, (await other("GET", GROUP, "2025-04-01")).status] == [200, 429, 200]
