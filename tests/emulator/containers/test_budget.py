"""ACI's own request budgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from azure_emulator.clock import Clock
from azure_emulator.containers.budget import Budgets
from azure_emulator.emulator import Emulator
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings
from emulator.containers.builders import a_group
from emulator.containers.conftest import Call

HEADER = "x-ms-ratelimit-remaining-subscription-resource-requests-"


def remaining(headers: Mapping[str, str]) -> tuple[str, str]:
    return headers.get(f"{HEADER}pt1h", ""), headers.get(f"{HEADER}pt5m", "")


def budgets(**settings: Any) -> tuple[Budgets, Clock]:
    clock = Clock(frozen_at=1_000_000)
    return Budgets(Settings(**settings), clock), clock


async def test_only_put_and_delete_spend_and_each_its_own(aci: Call) -> None:
    seen = [
        remaining((await aci(method, name, body)).headers)
        for method, name, body in (
            ("PUT", "demo", a_group()),
            ("PUT", "bad", a_group(osType="x")),
            ("GET", "demo", None),
            ("PATCH", "demo", {"tags": {}}),
            ("DELETE", "demo", None),
        )
    ]
    assert seen == [("299", "99"), ("298", "98"), ("", ""), ("", ""), ("299", "99")]


def test_a_spent_budget_refuses_and_says_how_long() -> None:
    some, clock = budgets(container_writes_per_5m=2)
    some.spend("s", "westus", "write")
    some.spend("s", "westus", "write")
    clock.advance(100)
    with pytest.raises(AzureError) as caught:
        some.spend("s", "westus", "write")
    error = caught.value
    assert (error.status, error.code) == (429, "ResourceRequestsThrottled")
    assert error.headers == {"Retry-After": "200"}
    assert error.message == (
        "Number of requests for action 'Microsoft.ContainerInstance/containerGroups/write' "
        "exceeded the limit of '2' for time interval '00:05:00'. Please try again after '200' "
        "seconds."
    )


def test_a_budget_opens_again() -> None:
    some, clock = budgets(container_writes_per_5m=1)
    some.spend("s", "westus", "write")
    clock.advance(300)
    assert remaining(some.spend("s", "westus", "write")) == ("298", "0")


def test_regions_subscriptions_and_kinds_have_budgets_of_their_own() -> None:
    some, _ = budgets(container_writes_per_5m=1, container_deletes_per_5m=1)
    places = [("s", "westus", "write"), ("s", "eastus", "write"), ("t", "westus", "write")]
    for subscription, region, _kind in places:
        assert remaining(some.spend(subscription, region, "write")) == ("299", "0")
    assert remaining(some.spend("s", "westus", "delete")) == ("299", "0")


async def test_an_exhausted_budget_is_answered_429(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"container_writes_per_hour": 1})
    await aci("PUT", "demo", a_group())
    answer = await aci("PUT", "other", a_group())
    assert (answer.status, answer.code) == (429, "ResourceRequestsThrottled")
    assert answer.headers["Retry-After"] == "3600"
