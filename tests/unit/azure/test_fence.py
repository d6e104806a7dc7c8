"""When a write may be sent."""

from __future__ import annotations

import pytest

from aci_operator.azure.errors import NotLeading, WritesStopped
from aci_operator.azure.fence import Fence


def test_a_lease_that_lasts_longer_than_a_write_lets_it_go() -> None:
    asked: list[float] = []

    def left() -> float:
        asked.append(4.1)
        return 4.1

    Fence(left, 4.0).check("PUT /x")
    assert asked == [4.1]


def test_a_lease_that_lasts_as_long_as_a_write_may_take_is_too_short() -> None:
    with pytest.raises(NotLeading) as caught:
        Fence(lambda: 4.0, 4.0).check("PUT /x")
    told = "PUT /x was not sent: the lease is ours for 4.0 s more, and a write may take 4 s"
    assert str(caught.value) == told


def test_a_stopped_write_names_the_reason_and_what_was_not_sent() -> None:
    with pytest.raises(WritesStopped) as caught:
        Fence(stopped=lambda: "the switch is off").check("PUT /x")
    assert (str(caught.value), caught.value.operation) == ("the switch is off", "PUT /x")
