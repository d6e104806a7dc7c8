from __future__ import annotations

import asyncio
import time

from aci_operator.telemetry.lag import LoopLag


async def test_a_loop_that_is_held_up_is_late_by_that_much() -> None:
    lag = LoopLag(every=0.01)
    lag.start()
    await asyncio.sleep(0)
    time.sleep(0.25)  # noqa: ASYNC251 (holding the loop up is what is tested)
    late = lag.seconds()
    await lag.stop()
    assert late >= 0.23


async def test_nothing_is_late_before_the_start() -> None:
    assert LoopLag().seconds() == 0.0
