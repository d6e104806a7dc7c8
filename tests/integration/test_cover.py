"""The pairwise cover is one, and the same one for the same seed."""

from __future__ import annotations

import pytest

from integration.cover import all_pairs, cover, pairs_of
from integration.knob_cases import SIZES, all_cases

SMALL = {"a": 3, "b": 2, "c": 2, "d": 3}


@pytest.mark.parametrize("seed", range(5))
def test_every_two_values_of_two_factors_meet_in_a_case(seed: int) -> None:
    met = set().union(*map(pairs_of, cover(SMALL, seed)))
    assert met == all_pairs(SMALL)


def test_every_case_has_a_value_for_every_factor() -> None:
    assert all(
        case.keys() == SMALL.keys() and all(case[name] < SMALL[name] for name in case)
        for case in cover(SMALL, 1)
    )


def test_the_same_seed_gives_the_same_cases() -> None:
    assert cover(SMALL, 7) == cover(SMALL, 7)
    assert cover(SMALL, 7) != cover(SMALL, 8)


def test_it_is_small() -> None:
    assert len(cover(SMALL, 1)) <= 12


def test_the_knobs_are_covered_as_well() -> None:
    met = set().union(*(pairs_of(case.chosen) for case in all_cases(1)))
    assert met == all_pairs(SIZES)
