from __future__ import annotations

import pytest

from aci_operator.engine.backoff import backoff


def test_delays_double_from_one_second_up_to_the_cap() -> None:
    delays = [backoff(failures, lambda: 0.5) for failures in range(1, 12)]
    assert delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


@pytest.mark.parametrize(("random", "delay"), [(0.0, 3.2), (0.5, 4.0), (1.0, 4.8)])
def test_jitter_is_a_fifth_to_both_sides(random: float, delay: float) -> None:
    assert backoff(3, lambda: random) == pytest.approx(delay)


def test_a_great_number_of_failures_stays_at_the_cap() -> None:
    assert backoff(10**9, lambda: 0.5) == 300
