"""What is left of a limit."""

from __future__ import annotations

from aci_operator.azure.budgets import Budget, Budgets
from aci_operator.azure.errors import Throttled
from aci_operator.azure.pace import Bucket, Window

EASTUS = Budget("me", "sub", "microsoft.containerinstance", "eastus", "write")
LEFT = "x-ms-ratelimit-remaining-subscription-"


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sent(budgets: Budgets, count: int, budget: Budget = EASTUS) -> int:
    """Try so many calls; give how many were let out."""
    out = 0
    for number in range(count):
        try:
            budgets.check(budget, f"PUT {number}")
        except Throttled:
            continue
        out += 1
    return out


def test_a_window_is_full_until_its_oldest_request_has_passed() -> None:
    window = Window(2, 300)
    window.spend(1000)
    window.spend(1100)
    assert (window.rest(1200), window.rest(1299), window.rest(1300)) == (100, 1, 0)


def test_a_request_counts_from_its_answer_on() -> None:
    window = Window(2, 300)
    window.spend(1000)
    window.spend(1000)
    window.answered(1007, sent=1000)
    assert (window.remaining(1299), window.remaining(1300), window.remaining(1307)) == (0, 1, 2)


def test_an_answer_late_in_a_budget_keeps_its_place_closed_as_long() -> None:
    time = Time()
    budgets = Budgets(time)
    at = budgets.check(EASTUS, "PUT 0")
    sent(budgets, 99)
    time.now += 20
    budgets.answered(EASTUS, at)
    time.now += 281
    found = [sent(budgets, 100)]
    time.now += 19
    assert [*found, sent(budgets, 100)] == [99, 1]


def test_each_place_in_the_line_gets_its_own_time() -> None:
    window = Window(2, 300)
    window.spend(1000)
    window.spend(1100)
    assert [window.rest(1200, place) for place in range(5)] == [100, 200, 400, 500, 700]


def test_a_greater_limit_is_learned() -> None:
    window = Window(100, 300)
    window.spend(1000)
    window.learn(1000, 14999)
    assert (window.limit, window.remaining(1000)) == (15000, 14999)


def test_the_reserve_of_a_limit_that_is_smaller_than_believed_does_not_close_it() -> None:
    window = Window(300, 3600)
    window.spend(1000)
    window.learn(1000, 11)
    assert window.rest(1000, reserve=0.1) == 0
    window.spend(1000, 9)
    assert (window.rest(1000), window.rest(1000, reserve=0.1)) == (0, 3600)


def test_what_others_spend_is_learned() -> None:
    window = Window(100, 300)
    window.spend(1000)
    window.learn(1000, 40)
    assert (window.remaining(1000), window.remaining(1300)) == (40, 100)


def test_an_answer_that_overtakes_others_opens_nothing() -> None:
    window = Window(100, 300)
    for _ in range(20):
        window.spend(1000)
    window.learn(1000, 99)
    assert (window.limit, window.remaining(1000)) == (100, 80)


def test_a_bucket_is_unknown_until_a_header_tells() -> None:
    bucket = Bucket(10)
    bucket.spend(1000)
    before = bucket.rest(1000)
    bucket.learn(1000, 0)
    assert [before, bucket.rest(1000), bucket.rest(1001)] == [0, 0.1, 0]


def test_no_more_than_acis_limits_go_out() -> None:
    time = Time()
    budgets = Budgets(time)
    out = []
    for _ in range(14):
        out.append(sent(budgets, 200))
        time.now += 300
    assert out == [100, 100, 100, *[0] * 9, 100, 100]


def test_deletions_are_not_held_back_by_creations() -> None:
    budgets = Budgets(Time())
    sent(budgets, 200)
    assert sent(budgets, 1, EASTUS._replace(access="delete")) == 1


def test_another_principal_shares_acis_limit_and_another_region_does_not() -> None:
    budgets = Budgets(Time())
    sent(budgets, 200)
    others = [EASTUS._replace(principal="you"), EASTUS._replace(region="westus")]
    assert [sent(budgets, 1, other) for other in others] == [0, 1]


def test_routine_leaves_a_reserve_to_what_users_wait_for() -> None:
    routine = True
    budgets = Budgets(Time(), lambda: routine)
    first = sent(budgets, 200)
    routine = False
    assert (first, sent(budgets, 200)) == (90, 10)


def test_arms_header_holds_reads_back_before_the_limit() -> None:
    time = Time()
    budgets = Budgets(time)
    read = EASTUS._replace(access="read", region="")
    budgets.learn(read, {f"{LEFT}reads": "1"})
    first = sent(budgets, 3, read)
    time.now += 1
    assert (first, budgets.rest(read)) == (1, 0)


def test_what_is_left_is_told_by_name() -> None:
    budgets = Budgets(Time())
    budgets.check(EASTUS, "PUT x")
    budgets.learn(EASTUS, {f"{LEFT}writes": "799", f"{LEFT}resource-requests-pt5m": "99"})
    assert list(budgets.remaining()) == [
        ("sub", "containergroups-writes-eastus-pt5m", 99),
        ("sub", "containergroups-writes-eastus-pt1h", 299),
        ("sub", "arm-writes", 799),
    ]


def test_the_time_that_is_lost_is_told() -> None:
    waits: list[float] = []
    budgets = Budgets(Time(), waits=waits.append)
    budgets.close(EASTUS, 30)
    sent(budgets, 1)
    assert waits == [30, 30]
