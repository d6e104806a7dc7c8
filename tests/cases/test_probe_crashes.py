"""A group whose access is proved before it starts; the operator ends at any step of that."""

from __future__ import annotations

from contextlib import suppress
from itertools import takewhile

import pytest

from cases.access import AFTER, SYSTEM, a_vault, images
from cases.inside import a_secret, inside
from cases.probes import IDLE, REAL, allowing, looked_at, said
from in_process.scene import Ended, Scene, a_group, open_scene

STEPS = 52
"""More than the story has: the last ones end nothing."""
FEW = [pytest.param(at, marks=() if at % 13 == 0 else pytest.mark.soak) for at in range(1, STEPS)]


async def story(scene: Scene) -> None:
    """Let the access be proved and the group run; where the operator ends, another goes on."""
    with suppress(Ended):
        await scene.run_for(150)
        return
    await scene.restart_operator()
    await scene.run_for(150)


@pytest.mark.parametrize("at", FEW)
async def test_an_operator_that_ends_anywhere_starts_nothing_before_three_reads(at: int) -> None:
    async with open_scene({"policy_delay": 20}) as scene, inside(scene) as doing:
        await a_vault(scene)
        await a_secret(scene)
        scene.apply(allowing(scene))
        await scene.settle()
        scene.mark()
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), looked_at(scene))
        scene.end_after(at)
        await story(scene)
        before = list(takewhile(lambda each: not each.startswith("real"), doing.seen))
        assert (before[-3:], {*before} - {"placeholder 403"}) == (
            ["placeholder 200"] * 3,
            {"placeholder 200"},
        )
        assert (images(scene), said(scene)) == ([IDLE, REAL], ("True", "Proved"))
