"""How long a mood of Azure may last, and how often it is told of."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from aci_operator.reconcile import moods
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Mood, Stall, Wait
from engine_builders import StillClock
from pass_builders import ApiServer, a_pass, a_ready, an_object

KIND = "ContainerGroup"
AZURE_DOWN = Wait("AzureUnavailable", "m", backoff=True, transient=True)


def a_mood(reason: str = "ImageInaccessible", **pace: float) -> Mood:
    wanted = {"after": 10.0, "longest": 600.0, "patience": 1800.0, **pace}
    return Mood(reason, "Azure's words.", **wanted)


def later(p: Pass, seconds: float) -> None:
    assert isinstance(p.world.clock, StillClock)
    p.world.clock.seconds += seconds


def told(halt: Halt | None) -> tuple[Any, ...]:
    return (type(halt), halt.reason if halt else "")


def test_a_mood_that_lasts_too_long_is_a_stall() -> None:
    p, found = a_pass(an_object(KIND)), []
    for seconds in (0, 1000, 799, 1):
        later(p, seconds)
        found.append(told(moods.judge(p, a_mood())))
    waits = (Mood, "ImageInaccessible")
    assert found == [waits, waits, waits, (Stall, "ImageInaccessible")]


def test_a_stall_says_how_long_it_was_tried() -> None:
    halt = moods.judge(a_pass(an_object(KIND)), a_mood(patience=0.0))
    assert isinstance(halt, Stall)
    assert (halt.message, halt.after) == ("This has lasted 0 min: Azure's words.", 600.0)


def test_what_passes_between_two_refusals_ends_their_count() -> None:
    for between, expected in ((None, Mood), (AZURE_DOWN, Stall), (a_mood("Other"), Mood)):
        p = a_pass(an_object(KIND))
        for halt in (a_mood(), between):
            moods.judge(p, halt)
        later(p, 1800)
        assert told(moods.judge(p, a_mood()))[0] is expected


def test_an_edit_begins_a_new_count() -> None:
    p = a_pass(an_object(KIND))
    moods.judge(p, a_mood())
    later(p, 1800)
    edited = Pass(p.world, an_object(KIND, generation=2))
    assert told(moods.judge(edited, a_mood()))[0] is Mood


def test_what_is_stalled_stays_so_after_a_restart() -> None:
    stalled = a_ready("True", type="Stalled", reason="ImageInaccessible")
    p = a_pass(an_object(KIND, status={"conditions": [stalled]}))
    assert told(moods.judge(p, a_mood())) == (Stall, "ImageInaccessible")


@pytest.mark.parametrize(("tries", "events"), [(4, 0), (5, 1)])
async def test_a_mood_without_an_end_is_told_once_an_hour(tries: int, events: int) -> None:
    p = a_pass(an_object(KIND))
    p.world.recorder.start()
    for _ in range(tries):
        moods.judge(p, a_mood("CapacityUnavailable", patience=inf, remind=3600.0))
        later(p, 900)
    await p.world.recorder.close()
    assert isinstance(p.world.kube, ApiServer)
    assert p.world.kube.events == [("Normal", "CapacityUnavailable", "Azure's words.")] * events
