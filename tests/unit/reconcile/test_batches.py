"""Wishes that come while one is carried out are carried out together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from aci_operator.reconcile.batches import Batches
from aci_operator.reconcile.locks import Locks

VAULT = ("/Vaults/V", "add")


class Azure:
    """Carries out what it is given, one call after the other, when the test lets it."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, wishes: Sequence[int]) -> list[int | Exception]:
        self.calls.append(list(wishes))
        await self.go.wait()
        return [ValueError(str(wish)) if wish < 0 else wish * 10 for wish in wishes]


async def begun(azure: Azure, batches: Batches, *wishes: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(batches.join(VAULT, wish, azure)) for wish in wishes]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_who_comes_meanwhile_is_served_by_one_call() -> None:
    azure = Azure()
    tasks = await begun(azure, Batches(Locks()), 1, 2, 3, 4)
    azure.go.set()
    assert await asyncio.gather(*tasks) == [10, 20, 30, 40]
    assert azure.calls == [[1], [2, 3, 4]]


async def test_each_wish_has_its_own_outcome() -> None:
    azure = Azure()
    tasks = await begun(azure, Batches(Locks()), 1, -2, 3)
    azure.go.set()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(each) for each in done] == ["10", "-2", "30"]


async def test_what_the_call_raises_is_everybody_s() -> None:
    async def carry_out(wishes: Sequence[int]) -> list[int | Exception]:
        await asyncio.sleep(0)
        raise RuntimeError(f"{len(wishes)} wishes")

    batches = Batches(Locks())
    joined = (batches.join(VAULT, wish, carry_out) for wish in (1, 2, 3))
    done = await asyncio.gather(*joined, return_exceptions=True)
    assert (sorted(map(str, done)), batches._waiting) == (["1 wishes", "2 wishes", "2 wishes"], {})


async def test_who_is_cut_off_leaves_the_others_wishes_to_the_next() -> None:
    azure, batches = Azure(), Batches(Locks())
    first, second, third = await begun(azure, batches, 1, 2, 3)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    azure.go.set()
    assert [await second, await third] == [20, 30]
    assert (azure.calls, batches._waiting) == ([[1], [2, 3]], {})
