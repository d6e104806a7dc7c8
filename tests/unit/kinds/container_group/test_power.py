"""Groups that are stopped, started and restarted: as their object asks, and from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from in_process.scene import Ended, Scene, a_group, open_scene

STOPPED, RUNNING = {"powerState": "Stopped"}, {"powerState": "Running"}
APP = {"name": "app", "image": "alpine:4", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
CORRECT = {"driftPolicy": "Correct"}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


async def running(scene: Scene, **spec: Any) -> None:
    """Have a group that runs, or does what its spec asks at once."""
    scene.apply(a_group(**spec))
    await scene.settle()
    scene.take_writes()


def state(scene: Scene) -> str:
    """What Azure says of the group."""
    return str(scene.living().life.state(scene.azure.clock.now()))


async def test_a_group_is_stopped_by_one_call_and_is_ready(scene: Scene) -> None:
    await running(scene)
    scene.edit(operator=STOPPED)
    await scene.settle()
    for _ in range(5):
        await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), ["POST stop"])
    assert (state(scene), scene.status()["powerState"]) == ("Stopped", "Stopped")


async def test_a_group_is_started_by_one_call_ten_seconds_after_the_stop(scene: Scene) -> None:
    await running(scene)
    scene.edit(operator=STOPPED)
    await scene.settle()
    began = scene.azure.clock.now()
    scene.edit(operator=RUNNING)
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (
        ("True", "Running"),
        ["POST stop", "POST start"],
    )
    assert scene.azure.clock.now() - began >= 9
    assert scene.status()["powerState"] == "Running"


async def test_a_new_group_that_is_to_be_stopped_is_made_and_then_stopped(scene: Scene) -> None:
    scene.apply(a_group(operator=STOPPED))
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), ["PUT it", "POST stop"])


@pytest.mark.parametrize("starts", [True, False])
async def test_a_change_of_a_stopped_group_leaves_it_stopped_whatever_a_put_does(
    scene: Scene, starts: bool
) -> None:
    scene.azure.settings.put_starts_stopped = starts
    await running(scene, operator=STOPPED)
    scene.edit(containers=[APP])
    await scene.settle()
    await scene.run_for(70)
    writes = ["PUT it", "POST stop"] if starts else ["PUT it"]
    assert (scene.said(), state(scene), scene.take_writes()) == (
        ("True", "Stopped"),
        "Stopped",
        writes,
    )


@pytest.mark.parametrize("starts", [True, False])
async def test_a_stopped_group_that_is_changed_and_started_runs_whatever_a_put_does(
    scene: Scene, starts: bool
) -> None:
    scene.azure.settings.put_starts_stopped = starts
    await running(scene, operator=STOPPED)
    scene.edit(containers=[APP], operator=RUNNING)
    await scene.settle()
    writes = ["PUT it"] if starts else ["PUT it", "POST start"]
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), writes)


@pytest.mark.parametrize("starts", [True, False])
async def test_a_change_of_a_group_that_others_stopped_ends_with_one_that_runs(
    scene: Scene, starts: bool
) -> None:
    scene.azure.settings.put_starts_stopped = starts
    await running(scene)
    await stop_outside(scene)
    scene.edit(containers=[APP])
    await scene.settle()
    assert (scene.said(), state(scene)) == (("True", "Running"), "Running")


async def test_a_change_of_tags_alone_neither_starts_nor_stops(scene: Scene) -> None:
    await running(scene, operator=STOPPED)
    scene.edit(tags={"a": "1"})
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), ["PATCH it"])


async def test_tags_and_power_of_one_edit_are_both_brought(scene: Scene) -> None:
    await running(scene)
    scene.edit(tags={"a": "1"}, operator=STOPPED)
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), ["POST stop", "PATCH it"])


async def stop_outside(scene: Scene) -> None:
    await scene.stranger.container_groups.stop(scene.arm_id())
    scene.take_writes()
    await scene.run_for(70)


async def test_a_stop_from_outside_is_told_and_left_as_it_is(scene: Scene) -> None:
    await running(scene)
    await stop_outside(scene)
    await scene.run_for(70)
    assert (scene.said(), scene.said("Drifted"), scene.status()["drift"]) == (
        ("False", "Stopped"),
        ("True", "Drifted"),
        ["spec.operator.powerState"],
    )
    assert scene.take_writes() == []


async def test_a_stop_from_outside_is_undone_where_drift_is_corrected(scene: Scene) -> None:
    await running(scene, operator=CORRECT)
    await stop_outside(scene)
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["POST start"])


async def test_a_start_from_outside_is_undone_where_drift_is_corrected(scene: Scene) -> None:
    await running(scene, operator={**STOPPED, **CORRECT})
    await scene.run_for(30)
    await scene.stranger.container_groups.start(scene.arm_id())
    scene.take_writes()
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), ["POST stop"])


async def test_a_group_that_was_ready_before_powers_were_written_down_is_not_started(
    scene: Scene,
) -> None:
    await running(scene)
    del scene.status()["powerState"]
    await stop_outside(scene)
    assert (scene.said(), scene.take_writes()) == (("False", "Stopped"), [])


async def test_a_run_once_group_that_has_ended_is_not_stopped(scene: Scene) -> None:
    await ended(scene)
    scene.edit(operator=STOPPED)
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Succeeded"), [])


async def ended(scene: Scene) -> None:
    """Have a run-once group that came to its end."""
    scene.groups.behave("job:1", exit_code=0, after=1)
    await running(scene, containers=[{**APP, "image": "job:1"}], restartPolicy="Never")
    await scene.run_for(70)
    assert scene.said() == ("True", "Succeeded")


async def later(scene: Scene, seconds: float) -> str:
    """A moment so long after now."""
    await scene.run_for(seconds)
    text: str = scene.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return text


async def test_a_restart_is_made_once_and_acknowledged(scene: Scene) -> None:
    await running(scene)
    at = await later(scene, 20)
    scene.annotate(restart_requested_at=at)
    await scene.settle()
    for _ in range(3):
        await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["POST restart"])
    assert scene.status()["lastHandledRestartAt"] == at


async def test_a_restart_is_made_once_whatever_step_the_operator_ends_at(scene: Scene) -> None:
    await running(scene)
    scene.annotate(restart_requested_at=await later(scene, 20))
    scene.end_after(2)
    with pytest.raises(Ended):
        await scene.settle()
    assert "lastHandledRestartAt" not in scene.status()
    await scene.restart_operator()
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["POST restart"])


DECLINED = {
    "earlier than the start": {"restart_requested_at": "2020-01-01T00:00:00Z"},
    "no time": {"restart_requested_at": "now"},
}


@pytest.mark.parametrize("annotations", DECLINED.values(), ids=DECLINED)
async def test_a_restart_that_is_not_due_is_declined_once(
    scene: Scene, annotations: dict[str, str]
) -> None:
    await running(scene)
    scene.annotate(**annotations)
    for _ in range(3):
        await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), [])
    assert len(scene.told("RestartDeclined")) == 1
    assert scene.status()["lastHandledRestartAt"] == annotations["restart_requested_at"]


async def test_a_stopped_group_is_not_restarted(scene: Scene) -> None:
    await running(scene, operator=STOPPED)
    scene.annotate(restart_requested_at=await later(scene, 20))
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), [])
    assert len(scene.told("RestartDeclined")) == 1


async def test_a_job_that_has_ended_is_not_restarted(scene: Scene) -> None:
    await ended(scene)
    scene.annotate(restart_requested_at=await later(scene, 20))
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Succeeded"), [])
    assert len(scene.told("RestartDeclined")) == 1


async def test_a_change_is_the_restart_that_was_asked_for(scene: Scene) -> None:
    await running(scene)
    scene.annotate(restart_requested_at=await later(scene, 20))
    scene.edit(containers=[APP])
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["PUT it"])
    assert "lastHandledRestartAt" in scene.status()


@pytest.mark.parametrize(
    "policy",
    [
        {"managementPolicy": "ObserveOnly"},
        {"ignoreDrift": ["operator.powerState"]},
    ],
)
async def test_a_stop_that_is_not_carried_out_leaves_the_group_ready(
    scene: Scene, policy: dict[str, Any]
) -> None:
    await running(scene)
    scene.edit(operator={**STOPPED, **policy})
    await scene.run_for(700)
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), [])


async def test_a_stopped_group_that_shows_no_address_is_not_replaced_for_it(scene: Scene) -> None:
    address = {"type": "Private", "ports": [{"port": 80}]}
    policy = {**STOPPED, **CORRECT, "update": "Replace"}
    await running(scene, ipAddress=address, operator=policy)
    await scene.run_for(700)
    assert (scene.said(), scene.take_writes()) == (("True", "Stopped"), [])
