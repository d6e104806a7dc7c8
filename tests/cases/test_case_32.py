"""Case 32, quota and places: who has no room waits, is told why, and holds up nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from group_stage import Stage, a_stage, key
from group_stage import a_group as staged_group
from in_process.scene import a_group, open_scene

LIMIT = "'StandardCores' exceeded in region 'eastus'. Limit: '1', Usage: '1' Requested: '1'."
NO_ROOM = (
    "The requested resource is not available in the location 'eastus' at this moment. Please retry "
    "with a different resource request or in another location."
)


def told(stage: Stage, reason: str) -> int:
    """Count how often an event was recorded: the recorder posts it once and counts the others."""
    seen = stage.world.recorder._seen
    return sum(each.count for (_, word, _), each in seen.items() if word == reason)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        it.azure.settings.container_cores_quota = 1
        for name in ("first", "second"):
            it.add(staged_group(it.settings.subscription_id, name))
        yield it


def ready_message(stage: Stage, name: str) -> str:
    found = [c["message"] for c in stage.status(name)["conditions"] if c["type"] == "Ready"]
    return str(found[0])


async def test_case_32_a_quota_is_told_with_its_numbers_and_tried_every_ten_minutes(
    stage: Stage,
) -> None:
    await stage.settle("first")
    outcome = await stage.settle("second")
    assert (stage.said(name="second"), stage.said("Stalled", "second")) == (
        ("False", "QuotaExceeded"),
        ("", ""),
    )
    assert LIMIT in ready_message(stage, "second")
    assert (outcome.after, outcome.failed) == (600, False)


async def test_case_32_who_waits_for_a_quota_is_tried_at_once_when_another_goes(
    stage: Stage,
) -> None:
    for name in ("first", "second"):
        await stage.settle(name)
    stage.delete("first")
    await stage.settle("first")
    assert stage.woken == [key("second")]
    await stage.settle("second")
    assert stage.said(name="second") == ("True", "Running")


async def test_case_32_a_region_without_room_is_asked_for_ever_and_told_of_seldom(
    stage: Stage,
) -> None:
    stage.azure.faults.next(
        method="PUT", status=409, code="ServiceUnavailable", message=NO_ROOM, times=40
    )
    writes = []
    for _ in range(40):
        before = len(stage.server.writes)
        outcome = await stage.look("first")
        writes.append(len(stage.server.writes) - before)
        assert (outcome.after, outcome.failed, outcome.longest) == (30, True, 900)
        stage.azure.clock.advance(900)
    assert (stage.said(name="first"), writes[1:]) == (("False", "CapacityUnavailable"), [0] * 39)
    assert told(stage, "CapacityUnavailable") == 10  # at once, and in each of the 9 hours
    await stage.settle("first")
    assert stage.said(name="first") == ("True", "Running")


async def test_case_32_room_that_is_given_back_is_used_within_the_minute() -> None:
    async with open_scene(knobs={"container_cores_quota": 2}) as scene:
        scene.apply(*(a_group(name) for name in ("one", "two", "three", "four")))
        await scene.settle()
        waiting = sorted(scene.unready())
        assert len(waiting) == 2
        gone = next(
            name for name in ("one", "two", "three") if f"ContainerGroup/{name}" not in waiting
        )
        scene.mark()
        scene.delete("ContainerGroup", gone)
        await scene.run_for(60)
        assert len(scene.unready()) == 1
        methods = [method for method, _ in scene.writes()]
        assert (methods.count("DELETE"), methods.count("PUT")) == (1, 1)


async def test_case_32_the_other_groups_go_on(stage: Stage) -> None:
    await stage.settle("first")
    await stage.settle("second")
    stage.take_writes()
    await stage.view("first")
    assert (stage.said(name="first"), stage.take_writes()) == (("True", "Running"), [])
