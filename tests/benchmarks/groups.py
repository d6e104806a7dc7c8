"""How fast container groups come, and what many settled ones cost: figures, no verdict.

`python -m benchmarks.groups` (with `operator`, `tests` and `deploy/local` on the path).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable

from benchmarks.process import Cost, cost_of
from benchmarks.stand import CREATION, Stand, group, open_stand, quiet
from control_plane import ControlPlane
from stage import install

ALONE = int(os.environ.get("BENCH_ALONE", "15"))
"""Groups one after the other."""
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "300"))
SETTLED = int(os.environ.get("BENCH_SETTLED", "5000"))
IDLE = 30.0
"""Seconds for which settled groups are left alone."""
REST = 15.0
"""Seconds after a start that are not counted as idle: for some ten the operator is still busy
(39 % of a core in the first five, with 2,500 groups). That these are kopf's workers is a guess."""
NO_HEALTH = ("--health-interval", "86400")


async def alone(stand: Stand) -> None:
    """Print what our side adds between the request and Ready, one group at a time."""
    added = []
    for number in range(ALONE):
        begun = await stand.cluster.create("containergroups", [group(number)])
        await stand.cluster.until_ready(number + 1)
        ((name, since),) = begun.items()
        added.append(stand.cluster.ready[name] - since - CREATION)
    least, most = min(added), max(added)
    print(f"one group, Azure's {CREATION:g} s taken out: median {statistics.median(added):.2f} s")
    print(f"  of {ALONE}: {least:.2f} to {most:.2f} s; bar 0.5 s")


async def at_once(stand: Stand) -> None:
    """Print how long many groups at once take."""
    before = stand.costs()
    begun = time.perf_counter()
    await stand.cluster.create("containergroups", (group(number) for number in range(AT_ONCE)))
    applied = time.perf_counter() - begun
    await stand.cluster.until_ready(AT_ONCE)
    whole = time.perf_counter() - begun
    after = stand.costs()
    reads, writes = await stand.calls()
    print(f"{AT_ONCE} groups at once, limits raised: all Ready after {whole:.1f} s; bar 8 s")
    print(f"  applied within {applied:.1f} s; Azure saw {writes} writes, {reads} reads")
    spent = {name: cost.cpu - before[name].cpu for name, cost in after.items()}
    told = ", ".join(f"{name} {cpu:.1f}" for name, cpu in spent.items())
    print(f"  seconds of CPU: {told}; {sum(spent.values()):.1f} in all")
    print(f"  operator's memory at most {after['operator'].peak:.0f} MB")


async def settled(stand: Stand) -> None:
    """Print what many settled groups cost: memory, idle CPU, a restart."""
    begun = time.perf_counter()
    await stand.cluster.create("containergroups", (group(number) for number in range(SETTLED)))
    await stand.cluster.until_ready(SETTLED)
    print(f"{SETTLED} groups at once: all Ready after {time.perf_counter() - begun:.1f} s")
    stand.operator.kill()
    await stand.forget_calls()
    await _restart(stand)
    _say_cost("  memory after the restart", cost_of(stand.operator.pid))
    await asyncio.sleep(REST)
    before = cost_of(stand.operator.pid)
    await asyncio.sleep(IDLE)
    after = cost_of(stand.operator.pid)
    share = (after.cpu - before.cpu) / IDLE
    print(f"  idle CPU over {IDLE:g} s, from {REST:g} s after the restart: {share:.1%} of a core")
    print("    no look at drift or health falls into it, so the bar of 5 % is not judged by it")
    print(f"  writes to Azure since the restart began: {(await stand.calls())[1]}; bar 0")


async def _restart(stand: Stand) -> None:
    begun = time.perf_counter()
    stand.operator.start()
    await quiet(stand, SETTLED)
    whole = time.perf_counter() - begun
    print(f"  a restart until the queue is empty: {whole:.1f} s; bar 30 s")


def _say_cost(what: str, cost: Cost) -> None:
    print(f"{what}: {cost.memory:.0f} MB (at most {cost.peak:.0f} MB); bar 350 MB")


async def measure(plane: ControlPlane, scenario: Callable[[Stand], Awaitable[None]]) -> None:
    """Print one scenario's figures."""
    async with open_stand(plane, install(plane), "bench", NO_HEALTH) as stand:
        await scenario(stand)


def main() -> None:
    """Measure each scenario on a control plane of its own, the quickest first."""
    for scenario in (alone, at_once, settled):
        with ControlPlane.start() as plane:
            asyncio.run(measure(plane, scenario))


if __name__ == "__main__":
    main()
