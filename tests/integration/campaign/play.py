"""One case: the scenarios one after the other, and in each the same disturbance."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from integration.campaign.picture import Picture, picture_of, written_in
from integration.campaign.stage import QUIET, Stage
from integration.campaign.story import SCENARIOS

PATIENCE = 40.0
LONG_QUIET = 2.0
"""Where nobody knows yet how it ends."""
Disturb = Callable[[Stage], AbstractAsyncContextManager[Any]]
Ends = dict[str, tuple[Picture, Counter[str]]]
"""Scenario -> its end state, and what was written to Azure on the way."""


async def play(
    stage: Stage,
    reference: Ends | None,
    disturb: Disturb = lambda _: nullcontext(),
    scenarios: Iterable[str] = tuple(SCENARIOS),
) -> Ends:
    """Play the scenarios; give the end of each, as it was when all was quiet."""
    ends: Ends = {}
    for name in scenarios:
        stage.world.azure.calls.forget()
        stage.front.writes.clear()
        stage.scenario = name
        async with disturb(stage):
            await SCENARIOS[name](stage)
            await _until(stage, reference and reference[name][0])
        await _until(stage, reference and reference[name][0])
        ends[name] = (await picture_of(stage.world, stage.kube), written_in(stage.world))
        stage.written[name] = len(stage.front.writes)
        print(
            f"{name}: {len(stage.front.writes)} Kubernetes writes, {ends[name][1].total()} to Azure"
        )
    return ends


async def _until(stage: Stage, wanted: Picture | None) -> None:
    """Wait for that end state, or one in which all is Ready; give up in silence: it is compared."""
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                await stage.quiet(QUIET if wanted else LONG_QUIET)
                seen = await picture_of(stage.world, stage.kube)
                if seen == wanted or (wanted is None and _settled(seen)):
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass


def _settled(seen: Picture) -> bool:
    return all(said == ("True", said[1], "", True) for said in seen["objects"].values())
