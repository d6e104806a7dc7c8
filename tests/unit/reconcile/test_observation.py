"""When Azure is looked at: the wishes of a pass, and what a direct read says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.azure.errors import Absent, Forbidden
from aci_operator.engine.queue import Share
from aci_operator.reconcile import observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body, Observed, Reader
from aci_operator.reconcile.steps import Stall
from pass_builders import a_pass, an_object


def polled(text: str | None = None) -> Pass:
    spec = {"operator": {"pollInterval": text}} if text else {}
    return a_pass(an_object("ResourceGroup", spec=spec))


@pytest.mark.parametrize(("text", "seconds"), [(None, 600.0), ("5m", 300.0), ("0s", 1.0)])
def test_the_poll_is_the_object_s_wish_else_the_setting(text: str | None, seconds: float) -> None:
    assert observation.poll_interval(polled(text)) == seconds


def test_a_wish_that_is_no_duration_is_refused_by_field() -> None:
    with pytest.raises(Stall) as raised:
        observation.poll_interval(polled("daily"))
    assert raised.value.message == (
        "spec.operator.pollInterval: 'daily' is no duration; write it like 90s, 10m or 1h30m."
    )


@given(st.floats(0.0, 5000.0))
def test_the_next_look_is_counted_from_when_the_last_one_began(age: float) -> None:
    p = polled()
    observation.poll_again(p, p.world.clock.monotonic() - age)
    assert p.next is not None
    after, share = p.next
    left = max(600.0 - age, 0.0)
    assert left + 5.9 < after < left + 30.1
    assert share is Share.DRIFT


async def there(arm_id: str) -> Body:
    return {"id": arm_id}


async def absent(arm_id: str) -> Body:
    raise Absent("not there")


async def forbidden(arm_id: str) -> Body:
    raise Forbidden("no")


async def test_a_direct_read_says_what_is_there_and_what_is_not() -> None:
    readers = [Reader("/x", there), Reader("/x", absent)]
    seen = [await observation.direct(polled(), reader) for reader in readers]
    assert seen == [Observed({"id": "/x"}, True), Observed(None, True)]


async def test_a_read_that_failed_says_nothing() -> None:
    with pytest.raises(Forbidden):
        await observation.direct(polled(), Reader("/x", forbidden))


def test_a_write_is_remembered_in_any_letter_case() -> None:
    p = polled()
    observation.wrote(p, "/Subscriptions/S")
    assert p.world.written == {"/subscriptions/s": p.world.clock.monotonic()}
