"""Groups that are stopped, started and restarted: as their object asks, and from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from group_stage import Ended, Stage, a_group, a_stage

STOPPED, RUNNING = {"powerState": "Stopped"}, {"powerState": "Running"}
APP = {"name": "app", "image": "alpine:4", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
CORRECT = {"driftPolicy": "Correct"}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        yield it


async def running(stage: Stage, **spec: Any) -> None:
    """Have a group that runs, or does what its spec asks at once."""
    stage.add(a_group(stage.settings.subscription_id, **spec))
    await stage.settle()
    stage.take_writes()


def state(stage: Stage) -> str:
    """What Azure says of the group."""
    return str(stage.azure_group().life.state(stage.azure.clock.now()))


async def test_a_group_is_stopped_by_one_call_and_is_ready(stage: Stage) -> None:
    await running(stage)
    stage.edit(operator=STOPPED)
    await stage.settle()
    for _ in range(5):
        await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Stopped"), ["POST stop"])
    assert (state(stage), stage.status()["powerState"]) == ("Stopped", "Stopped")


async def test_a_group_is_started_by_one_call_ten_seconds_after_the_stop(stage: Stage) -> None:
    await running(stage)
    stage.edit(operator=STOPPED)
    await stage.settle()
    began = stage.azure.clock.now()
    stage.edit(operator=RUNNING)
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (
        ("True", "Running"),
        ["POST stop", "POST start"],
    )
    assert stage.azure.clock.now() - began >= 9
    assert stage.status()["powerState"] == "Running"


async def test_a_new_group_that_is_to_be_stopped_is_made_and_then_stopped(stage: Stage) -> None:
    stage.add(a_group(stage.settings.subscription_id, operator=STOPPED))
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Stopped"), ["PUT it", "POST stop"])


@pytest.mark.parametrize("starts", [True, False])
async def test_a_change_of_a_stopped_group_leaves_it_stopped_whatever_a_put_does(
    stage: Stage, starts: bool
) -> None:
    stage.azure.settings.put_starts_stopped = starts
    await running(stage, operator=STOPPED)
    stage.edit(containers=[APP])
    await stage.settle()
    await stage.view()
    writes = ["PUT it", "POST stop"] if starts else ["PUT it"]
    assert (stage.said(), state(stage), stage.take_writes()) == (
        ("True", "Stopped"),
        "Stopped",
        writes,
    )


@pytest.mark.parametrize("starts", [True, False])
async def test_a_stopped_group_that_is_changed_and_started_runs_whatever_a_put_does(
    stage: Stage, starts: bool
) -> None:
    stage.azure.settings.put_starts_stopped = starts
    await running(stage, operator=STOPPED)
    stage.edit(containers=[APP], operator=RUNNING)
    await stage.settle()
    writes = ["PUT it"] if starts else ["PUT it", "POST start"]
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), writes)


@pytest.mark.parametrize("starts", [True, False])
async def test_a_change_of_a_group_that_others_stopped_ends_with_one_that_runs(
    stage: Stage, starts: bool
) -> None:
    stage.azure.settings.put_starts_stopped = starts
    await running(stage)
    await stop_outside(stage)
    stage.edit(containers=[APP])
    await stage.settle()
    assert (stage.said(), state(stage)) == (("True", "Running"), "Running")


async def test_a_change_of_tags_alone_neither_starts_nor_stops(stage: Stage) -> None:
    await running(stage, operator=STOPPED)
    stage.edit(tags={"a": "1"})
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Stopped"), ["PATCH it"])


async def test_tags_and_power_of_one_edit_are_both_brought(stage: Stage) -> None:
    await running(stage)
    stage.edit(tags={"a": "1"}, operator=STOPPED)
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Stopped"), ["POST stop", "PATCH it"])


async def stop_outside(stage: Stage) -> None:
    await stage.sessions[-1].container_groups.stop(stage.arm_id())
    stage.take_writes()
    await stage.view()


async def test_a_stop_from_outside_is_told_and_left_as_it_is(stage: Stage) -> None:
    await running(stage)
    await stop_outside(stage)
    await stage.view()
    assert (stage.said(), stage.said("Drifted"), stage.status()["drift"]) == (
        ("False", "Stopped"),
        ("True", "Drifted"),
        ["spec.operator.powerState"],
    )
    assert stage.take_writes() == []


async def test_a_stop_from_outside_is_undone_where_drift_is_corrected(stage: Stage) -> None:
    await running(stage, operator=CORRECT)
    await stop_outside(stage)
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["POST start"])


async def test_a_start_from_outside_is_undone_where_drift_is_corrected(stage: Stage) -> None:
    await running(stage, operator={**STOPPED, **CORRECT})
    stage.azure.clock.advance(30)
    await stage.sessions[-1].container_groups.start(stage.arm_id())
    stage.take_writes()
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Stopped"), ["POST stop"])


async def test_a_group_that_was_ready_before_powers_were_written_down_is_not_started(
    stage: Stage,
) -> None:
    await running(stage)
    del stage.status()["powerState"]
    await stop_outside(stage)
    assert (stage.said(), stage.take_writes()) == (("False", "Stopped"), [])


async def test_a_run_once_group_that_has_ended_is_not_stopped(stage: Stage) -> None:
    await ended(stage)
    stage.edit(operator=STOPPED)
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Succeeded"), [])


async def ended(stage: Stage) -> None:
    """Have a run-once group that came to its end."""
    stage.groups.behave("job:1", exit_code=0, after=1)
    await running(stage, containers=[{**APP, "image": "job:1"}], restartPolicy="Never")
    await stage.view()
    assert stage.said() == ("True", "Succeeded")


def later(stage: Stage, seconds: float) -> str:
    """A moment so long after now."""
    stage.azure.clock.advance(seconds)
    text: str = stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return text


async def test_a_restart_is_made_once_and_acknowledged(stage: Stage) -> None:
    await running(stage)
    at = later(stage, 20)
    stage.annotate(restart_requested_at=at)
    await stage.settle()
    for _ in range(3):
        await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["POST restart"])
    assert stage.status()["lastHandledRestartAt"] == at


async def test_a_restart_is_made_once_whatever_step_the_operator_ends_at(stage: Stage) -> None:
    await running(stage)
    stage.annotate(restart_requested_at=later(stage, 20))
    stage.blade.steps, stage.blade.at = 0, 2
    with pytest.raises(Ended):
        await stage.settle()
    assert "lastHandledRestartAt" not in stage.status()
    await stage.restart()
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["POST restart"])


DECLINED = {
    "earlier than the start": {"restart_requested_at": "2020-01-01T00:00:00Z"},
    "no time": {"restart_requested_at": "now"},
}


@pytest.mark.parametrize("annotations", DECLINED.values(), ids=DECLINED)
async def test_a_restart_that_is_not_due_is_declined_once(
    stage: Stage, annotations: dict[str, str]
) -> None:
    await running(stage)
    stage.annotate(**annotations)
    for _ in range(3):
        await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), [])
    assert (await stage.events()).count("RestartDeclined") == 1
    assert stage.status()["lastHandledRestartAt"] == annotations["restart_requested_at"]


async def test_a_stopped_group_is_not_restarted(stage: Stage) -> None:
    await running(stage, operator=STOPPED)
    stage.annotate(restart_requested_at=later(stage, 20))
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Stopped"), [])
    assert (await stage.events()).count("RestartDeclined") == 1


async def test_a_job_that_has_ended_is_not_restarted(stage: Stage) -> None:
    await ended(stage)
    stage.annotate(restart_requested_at=later(stage, 20))
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Succeeded"), [])
    assert (await stage.events()).count("RestartDeclined") == 1


async def test_a_change_is_the_restart_that_was_asked_for(stage: Stage) -> None:
    await running(stage)
    stage.annotate(restart_requested_at=later(stage, 20))
    stage.edit(containers=[APP])
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["PUT it"])
    assert "lastHandledRestartAt" in stage.status()
