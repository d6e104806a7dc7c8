"""While nothing changes, nothing is written; and what was written before, was written once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from demo.expectation import Unmet, expect
from demo.scene import Scene
from demo.steps.installation import start_operator

_SWEEP = "GET containerGroups"
_SWEEPS = 3
_SWEEPS_AFTER = 2
"""The first may come before the last object was looked at."""
_WITHIN = 60.0

_ONCE = (
    "PUT resourcegroups/myResourceGroup",
    "PUT vaults/mykeyvault",
    "PUT secrets/SampleSecret",
    "PUT userAssignedIdentities/myACIId",
    "PUT userAssignedIdentities/mySecondId",
    "PUT containerGroups/mycontainer",
    "PUT containerGroups/mycontainer-system",
    "PUT containerGroups/mycontainer-both",
    "PUT containerGroups/mycontainer-denied",
)
_WRITES = {
    **dict.fromkeys(_ONCE, 1),
    "PUT vaults/mykeyvault/accessPolicies/add": 4,  # one for each KeyVaultAccess
    "PUT containerGroups/mycontainer-late": 2,  # made, then given an identity
}


def idle(scene: Scene) -> None:
    """Three sweeps, a restart of the operator, and two more sweeps: no write."""
    scene.narrator.step("Nothing changes, and the operator is restarted: nothing is written")
    written, called = len(scene.azure.writes()), len(scene.azure.calls())
    _await_sweeps(scene, _SWEEPS)
    expect("the operator's exit code", 0, asyncio.run(scene.operator.stop()))
    start_operator(scene.narrator, scene.operator, scene.processes)
    _await_sweeps(scene, _SWEEPS_AFTER)
    scene.cluster.wait_ready()
    writes = [str(call) for call in scene.azure.writes()[written:]]
    reads = len(scene.azure.calls()) - called - len(writes)
    scene.narrator.remark(f"calls to Azure meanwhile: {reads} reads, {len(writes)} writes")
    expect("writes while nothing changes", [], writes)


def count(scene: Scene) -> None:
    """All writes so far, by what they wrote: nothing was made twice."""
    scene.narrator.step("What was written to Azure until now")
    counted = Counter(str(call) for call in scene.azure.writes())
    scene.narrator.output("\n".join(f"{times} x {call}" for call, times in counted.items()))
    scene.narrator.remark(f"{counted.total()} writes")
    expect("writes by what they wrote", _WRITES, dict(counted))


def _await_sweeps(scene: Scene, number: int) -> None:
    """Wait until the operator has listed the container groups so many times more."""
    wanted = _sweeps(scene) + number
    give_up = time.monotonic() + _WITHIN
    while (seen := _sweeps(scene)) < wanted:
        if time.monotonic() > give_up:
            raise Unmet(f"{wanted} sweeps of the container groups within {_WITHIN:.0f} s", seen)
        time.sleep(0.2)


def _sweeps(scene: Scene) -> int:
    return sum(str(call) == _SWEEP for call in scene.azure.calls())
