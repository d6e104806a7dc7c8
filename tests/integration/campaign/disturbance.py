"""What is done to the operator within one scenario; each is made anew for each scenario."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from random import Random
from typing import Literal

from azure_emulator.calls import Call, is_write
from integration.campaign.stage import Stage
from integration.campaign.story import CALLS, KUBERNETES_WRITES

Side = Literal["azure", "kubernetes"]
COUNTS: Counter[str] = Counter()
"""What the whole run has done; printed at its end."""
STALE_SECONDS = 5.0
"""How long an operator is left with a stale view that it does not come to rest with."""


@asynccontextmanager
async def crash(stage: Stage, side: Side, position: int) -> AsyncIterator[None]:
    """Kill the operator after its write at that position on that side, and start it at once.

    The write is done, its answer never arrives. Raises AssertionError where a scenario that has so
    many writes in any case ended without.
    """
    hit = False

    def reached(count: int) -> bool:
        nonlocal hit
        if count != position:
            return False
        hit = True
        stage.world.operator.kill()
        stage.start()
        COUNTS[f"crashes after {side} writes"] += 1
        return True

    with _told(stage, side, reached):
        yield
    certain = CALLS if side == "azure" else KUBERNETES_WRITES
    assert hit or position > certain[stage.scenario], f"{stage.scenario}: not reached"


def disturbances() -> int:
    """Count what has been done in this run."""
    done = ("crashes after azure writes", "crashes after kubernetes writes", "stale restarts")
    return sum(COUNTS[name] for name in (*done, "events dropped", "events doubled"))


@asynccontextmanager
async def stale_restart(stage: Stage, position: int, lag: int) -> AsyncIterator[None]:
    """Kill the operator after that write to Azure, and show the next one the cluster as it was
    `lag` writes before (at most the start of the scenario) until it has come to rest."""
    photos = [asyncio.create_task(stage.front.photograph())]
    restarts: list[asyncio.Task[None]] = []

    def reached(count: int) -> bool:
        photos.append(asyncio.create_task(stage.front.photograph()))
        if count != position:
            return False
        stage.world.operator.kill()
        stage.front.watched.clear()
        restarts.append(asyncio.create_task(_restart(stage, photos[max(0, position - lag)])))
        return True

    await photos[0]
    with _told(stage, "azure", reached):
        yield
    assert restarts or position > CALLS[stage.scenario], f"{stage.scenario}: not reached"
    await asyncio.gather(*restarts, *photos)


async def _restart(stage: Stage, photo: asyncio.Task[dict[str, bytes]]) -> None:
    stage.front.hold(await photo)
    stage.start()
    try:
        await asyncio.wait_for(stage.quiet(), STALE_SECONDS)
    except TimeoutError:
        COUNTS["stale views without rest"] += 1
    stage.front.release()
    COUNTS["stale restarts"] += 1
    COUNTS["stale lists"] += stage.front.count.pop("stale lists", 0)


@asynccontextmanager
async def lost_events(stage: Stage, seed: int) -> AsyncIterator[None]:
    """Drop one event in six and double one in six."""
    front = stage.front
    front.random = Random(seed)
    front.drop = front.double = 1 / 6
    try:
        yield
    finally:
        front.drop = front.double = 0.0
        COUNTS.update(
            {f"events {what}": front.count.pop(what, 0) for what in ("dropped", "doubled")}
        )


@contextmanager
def _told(stage: Stage, side: Side, reached: Callable[[int], bool]) -> Iterator[None]:
    """Tell of each write of the operator on that side, with its number."""
    directory = stage.world.azure.cloud.directory
    principal = directory.find_application(stage.world.account.client_id)
    assert principal is not None
    count = 0

    def counted() -> bool:
        nonlocal count
        count += 1
        return reached(count)

    def watch(call: Call) -> None:
        if is_write(call) and call.oid == principal.oid:
            counted()

    watchers = stage.world.azure.calls.watchers
    if side == "azure":
        watchers.append(watch)
    else:
        stage.front.on_write = counted
    try:
        yield
    finally:
        stage.front.on_write = lambda: False
        if side == "azure":
            watchers.remove(watch)
