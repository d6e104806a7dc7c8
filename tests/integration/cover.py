"""A pairwise cover: few cases in which every two values of two factors meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

Case = Mapping[str, int]
"""Factor -> which of its values."""
Pair = tuple[tuple[str, int], tuple[str, int]]

CANDIDATES = 30
"""How many cases are tried for each one that is taken."""


def cover(sizes: Mapping[str, int], seed: int) -> list[Case]:
    """Give cases for factors with so many values each; the same ones for the same seed."""
    random = Random(seed)
    missing = all_pairs(sizes)
    cases: list[Case] = []
    while missing:
        tried = (_case(sizes, missing, random) for _ in range(CANDIDATES))
        best = max(tried, key=lambda case: len(missing & pairs_of(case)))
        missing -= pairs_of(best)
        cases.append(best)
    return cases


def all_pairs(sizes: Mapping[str, int]) -> set[Pair]:
    """Give every two values of two factors."""
    return {
        ((one, i), (other, j))
        for one, other in combinations(sorted(sizes), 2)
        for i in range(sizes[one])
        for j in range(sizes[other])
    }


def pairs_of(case: Case) -> set[Pair]:
    """Give the pairs that meet in a case."""
    return set(combinations(sorted(case.items()), 2))


def _case(sizes: Mapping[str, int], missing: set[Pair], random: Random) -> Case:
    """Begin with a pair that is missing, then add the factors one by one."""
    case = dict(random.choice(sorted(missing)))
    rest = [name for name in sizes if name not in case]
    random.shuffle(rest)
    for name in rest:
        case[name] = _best_value(name, sizes[name], case, missing, random)
    return case


def _best_value(name: str, size: int, case: Case, missing: set[Pair], random: Random) -> int:
    values: Sequence[int] = random.sample(range(size), size)
    return max(
        values,
        key=lambda value: sum(_pair((name, value), item) in missing for item in case.items()),
    )


def _pair(one: tuple[str, int], other: tuple[str, int]) -> Pair:
    return (one, other) if one < other else (other, one)
