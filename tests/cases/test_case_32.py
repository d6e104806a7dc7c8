"""Case 32, quota and places: who has no room waits, is told why, and holds up nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from in_process.scene import Scene, a_group, open_scene

LIMIT = "'StandardCores' exceeded in region 'eastus'. Limit: '1', Usage: '1' Requested: '1'."
NO_ROOM = (
    "The requested resource is not available in the location 'eastus' at this moment. Please retry "
    "with a different resource request or in another location."
)


def times_told(scene: Scene, reason: str) -> int:
    """Count how often an event was recorded: the recorder posts it once and counts the others."""
    seen = scene.operator.recorder._seen
    return sum(each.count for (_, word, _), each in seen.items() if word == reason)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene(knobs={"container_cores_quota": 1}) as it:
        for name in ("first", "second"):
            it.apply(a_group(name))
            await it.settle()
        yield it


async def test_case_32_a_quota_is_told_with_its_numbers_and_tried_every_ten_minutes(
    scene: Scene,
) -> None:
    assert (scene.said(name="second"), scene.said("Stalled", name="second")) == (
        ("False", "QuotaExceeded"),
        ("", ""),
    )
    assert LIMIT in scene.message(name="second")
    scene.mark()
    await scene.run_for(3599)
    assert scene.take_writes() == ["PUT second"] * 5


async def test_case_32_who_waits_for_a_quota_is_tried_at_once_when_another_goes(
    scene: Scene,
) -> None:
    scene.mark()
    scene.delete(name="first")
    await scene.settle()
    deleted, made = (call for call in scene.sent() if call.method != "GET")
    assert (scene.said(name="second"), made.method) == (("True", "Running"), "PUT")
    assert made.time - deleted.time < 5


async def test_case_32_a_region_without_room_is_asked_for_ever_and_told_of_seldom() -> None:
    full = {"status": 409, "code": "ServiceUnavailable", "message": NO_ROOM, "times": 1000}
    async with open_scene(faults=[{"method": "PUT", **full}]) as scene:
        scene.apply(a_group())
        await scene.run_for(1)
        before = len(scene.cluster.writes)
        await scene.run_for(10 * 3600)
        times = [call.time for call in scene.sent() if call.method == "PUT"]
        gaps = [after - before for before, after in pairwise(times)]
        assert (min(gaps) >= 30, max(gaps) <= 901, len(gaps) > 40) == (True, True, True)
        assert scene.said() == ("False", "CapacityUnavailable")
        assert len(scene.cluster.writes) == before
        # At once, and with the first try after each hour.
        assert 8 <= times_told(scene, "CapacityUnavailable") <= 10
        scene.azure.faults.clear()
        await scene.run_for(901)
        assert scene.said() == ("True", "Running")


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


async def test_case_32_the_other_groups_go_on(scene: Scene) -> None:
    scene.mark()
    await scene.run_for(70)
    assert (scene.said(name="first"), scene.take_writes()) == (("True", "Running"), [])
