"""What is retried slowly asks Azure at most once a minute, whatever one try costs."""

from __future__ import annotations

import asyncio

import pytest

from aci_operator.api.kinds import RESOURCE_GROUP
from aci_operator.reconcile import spending
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.reconciler import Reconciler
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Halt, Stall, Wait
from pass_builders import a_world, an_object

KIND = RESOURCE_GROUP.kind

CASES: list[tuple[int, Halt, float]] = [
    (0, Stall("NoAccount", "."), 60),
    (1, Stall("AlreadyExists", "."), 60),
    (3, Stall("VaultUsesRbac", "."), 180),
    (3, Stall("NameUnavailable", ".", after=300), 300),
    (2, Wait("WaitingForReference", ".", after=60), 120),
    (3, Wait("Creating", ".", after=1), 1),
    (3, Wait("Throttled", ".", after=90, transient=True), 90),
]


@pytest.mark.parametrize(("requests", "halt", "after"), CASES)
async def test_a_try_that_cost_more_comes_later(requests: int, halt: Halt, after: float) -> None:
    async def spends(p: Pass) -> None:
        for _ in range(requests):
            await asyncio.create_task(_ask())
        raise halt

    room = Room(RESOURCE_GROUP, lambda _: frozenset(), lambda _: (), spends, spends)
    object_ = an_object(KIND)
    outcome = await Reconciler(a_world(object_), {KIND: room})(object_.key)
    assert outcome.after == after


async def test_each_pass_counts_from_nought() -> None:
    first = spending.begin()
    spending.count()
    second = spending.begin()
    assert (first.requests, second.requests) == (1, 0)


async def _ask() -> None:
    spending.count()
