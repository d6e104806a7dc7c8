"""When the next instance view of a group is due."""

from __future__ import annotations

import pytest

from aci_operator.engine.queue import Share
from aci_operator.kinds.container_group import health
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall
from engine_builders import StillClock
from pass_builders import a_pass, an_object

ID = "/subscriptions/s/resourceGroups/G"


def a_group(interval: str | None = None) -> Pass:
    policy = {"operator": {"healthInterval": interval}} if interval else {}
    return a_pass(an_object("ContainerGroup", spec=policy))


def wait(p: Pass, seconds: float) -> None:
    assert isinstance(p.world.clock, StillClock)
    p.world.clock.seconds += seconds


@pytest.mark.parametrize(("text", "seconds"), [(None, 60.0), ("30s", 30.0), ("0s", 1.0)])
def test_the_interval_is_the_object_s_wish_else_the_setting(
    text: str | None, seconds: float
) -> None:
    assert health.interval(a_group(text)) == seconds


def test_a_wish_that_is_no_duration_is_refused_by_field() -> None:
    with pytest.raises(Stall) as raised:
        health.interval(a_group("often"))
    assert (raised.value.reason, raised.value.message) == (
        "InvalidSpec",
        "spec.operator.healthInterval: 'often' is no duration; write it like 90s, 10m or 1h30m.",
    )


def test_a_view_is_due_one_interval_after_the_last_in_any_letter_case() -> None:
    p = a_group()
    health.viewed(p, ID)
    wait(p, 59.0)
    early = health.due(p, ID)
    wait(p, 1.0)
    assert (early, health.due(p, ID.upper())) == (False, True)


def test_after_a_start_the_first_views_are_spread_over_one_interval() -> None:
    p = a_group()
    groups = [f"{ID}{n}" for n in range(300)]
    due_at_once = [health.due(p, group) for group in groups]
    wait(p, 30.0)
    later = sum(health.due(p, group) for group in groups)
    wait(p, 30.0)
    assert (any(due_at_once), 100 < later < 200) == (False, True)
    assert all(health.due(p, group) for group in groups)


def test_the_next_pass_comes_when_the_view_is_due_or_a_little_later() -> None:
    p = a_group()
    health.viewed(p, ID)
    wait(p, 20.0)
    health.again(p, ID)
    assert p.next is not None
    after, share = p.next
    assert (40.0 <= after <= 43.0, share) == (True, Share.HEALTH)


def test_an_overdue_view_asks_for_a_pass_now() -> None:
    p = a_group()
    health.viewed(p, ID)
    wait(p, 500.0)
    health.again(p, ID)
    assert p.next is not None
    assert 0.0 <= p.next[0] <= 3.0
