"""Budgets that a 429 has closed."""

from __future__ import annotations

import pytest

from aci_operator.azure.budgets import MAX_ENTRIES, Budget, Budgets, access_of
from aci_operator.azure.errors import Throttled

EASTUS = Budget("me", "sub", "microsoft.containerinstance", "eastus", "write")


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def budgets(time: Time) -> Budgets:
    return Budgets(time)


def test_a_closed_budget_says_how_long_it_stays_closed(budgets: Budgets, time: Time) -> None:
    budgets.close(EASTUS, 30)
    time.now += 10
    with pytest.raises(Throttled) as caught:
        budgets.check(EASTUS, "PUT x")
    error = caught.value
    assert (error.code, error.after, error.operation) == ("BudgetClosed", 20.0, "PUT x")


def test_a_budget_opens_by_itself(budgets: Budgets, time: Time) -> None:
    budgets.close(EASTUS, 30)
    time.now += 30
    assert budgets.rest(EASTUS) == 0


@pytest.mark.parametrize(
    ("change", "rest"),
    [
        ({"principal": "you"}, 0.0),
        ({"place": "other"}, 0.0),
        ({"provider": "microsoft.keyvault"}, 0.0),
        ({"region": "westus"}, 0.0),
        ({"access": "delete"}, 0.0),
        ({}, 30.0),
    ],
)
def test_only_what_shares_the_budget_waits(
    budgets: Budgets, change: dict[str, str], rest: float
) -> None:
    budgets.close(EASTUS, 30)
    assert budgets.rest(EASTUS._replace(**change)) == rest  # type: ignore[arg-type]


def test_a_limit_without_a_region_counts_for_all_regions(budgets: Budgets) -> None:
    budgets.close(EASTUS._replace(region=""), 30)
    assert budgets.rest(EASTUS) == 30


def test_a_limit_of_arm_itself_counts_for_all_providers(budgets: Budgets) -> None:
    budgets.close(EASTUS, 30, whole_arm=True)
    assert budgets.rest(EASTUS._replace(provider="microsoft.keyvault", region="")) == 30


def test_a_later_shorter_answer_does_not_open_earlier(budgets: Budgets) -> None:
    budgets.close(EASTUS, 30)
    budgets.close(EASTUS, 5)
    assert budgets.rest(EASTUS) == 30


def test_no_more_than_the_bound_is_remembered(budgets: Budgets) -> None:
    for number in range(MAX_ENTRIES + 1):
        budgets.close(EASTUS._replace(place=str(number)), 10 + number)
    rests = [budgets.rest(EASTUS._replace(place=str(n))) for n in (0, 1, MAX_ENTRIES)]
    assert rests == [0.0, 11.0, 10.0 + MAX_ENTRIES]


def test_arm_counts_reads_writes_and_deletes_apart() -> None:
    assert [access_of(method) for method in ("GET", "PUT", "PATCH", "POST", "DELETE")] == [
        "read",
        "write",
        "write",
        "write",
        "delete",
    ]
