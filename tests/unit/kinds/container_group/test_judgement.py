"""Whether a group is well: `Ready` tells the containers' truth."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.container_group import report
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import a_pass, a_ready, an_object
from unit.kinds.container_group.builders import a_view, an_answer

KIND = "ContainerGroup"
INTERVAL = 60.0
ENDED: dict[str, Any] = {"state": "Terminated", "detailStatus": "Completed", "exitCode": 0}
CRASHED: dict[str, Any] = {"state": "Terminated", "detailStatus": "Error", "exitCode": 2}
Judged = tuple[Any, ...]


def judged(answer: dict[str, Any], policy: str | None = None, **status: Any) -> Judged:
    """Give reason, message and when to look again; None for a group that is Ready."""
    p = a_pass(an_object(KIND, spec={"restartPolicy": policy} if policy else {}, status=status))
    return judgement(p, answer)


def judgement(p: Pass, answer: dict[str, Any]) -> Judged:
    report.facts(p, answer)
    try:
        report.judge(p, answer, INTERVAL)
    except (Wait, Stall) as halt:
        return (halt.reason, halt.message, halt.after)
    return (*p.ready, None)


def conditions_of(p: Pass) -> dict[str, tuple[str, str]]:
    built = p.status.build(1, p.world.clock.now())["conditions"]
    return {c["type"]: (c["status"], c["reason"]) for c in built}


WELL: list[tuple[dict[str, Any], str | None, Judged]] = [
    (an_answer(), None, ("Running", "All 1 containers run.", None)),
    (an_answer(a_view("a"), a_view("b")), "Never", ("Running", "All 2 containers run.", None)),
    (
        an_answer(a_view(**ENDED), state="Succeeded"),
        "Never",
        ("Succeeded", "The group ran to its end.", None),
    ),
    (
        an_answer(a_view(**ENDED), state="Succeeded"),
        "OnFailure",
        ("Succeeded", "The group ran to its end.", None),
    ),
    (
        an_answer(a_view("a", **ENDED), a_view("b")),
        "Never",
        ("Running", "1 of 2 containers run, the others ended with exit code 0.", None),
    ),
]


@pytest.mark.parametrize(("answer", "policy", "judgement"), WELL)
def test_a_group_that_runs_or_ended_as_it_should_is_ready(
    answer: dict[str, Any], policy: str | None, judgement: Judged
) -> None:
    assert judged(answer, policy) == judgement


CRASHING = "Containers do not run (app: Terminated, Error, exit code 2)."
FAILED = (
    "The group ran to its end and failed (app: Terminated, Error, exit code 2). It is not run "
    "again by itself: annotate the object with aci-operator.io/restart-requested-at, or edit its "
    "spec."
)
ENDING = "Containers do not run (app: Terminated, Completed, exit code 0)."
UNWELL: list[tuple[dict[str, Any], str | None, Judged]] = [
    (
        an_answer(a_view(**CRASHED), state="Failed"),
        "Never",
        ("Failed", FAILED, INTERVAL),
    ),
    (
        an_answer(a_view(**CRASHED), state="Failed"),
        "OnFailure",
        ("ContainersNotRunning", CRASHING, INTERVAL),
    ),
    (
        an_answer(a_view(**ENDED), state="Succeeded"),
        None,
        ("ContainersNotRunning", ENDING, INTERVAL),
    ),
    (
        an_answer(a_view(**ENDED), state="Succeeded"),
        "Always",
        ("ContainersNotRunning", ENDING, INTERVAL),
    ),
    (
        an_answer(a_view("a"), a_view("app", **CRASHED)),
        None,
        ("ContainersNotRunning", CRASHING, INTERVAL),
    ),
    (
        an_answer(a_view(state="Waiting", restarts=4, detailStatus="CrashLoopBackOff: back off")),
        None,
        (
            "CrashLooping",
            "app: CrashLoopBackOff: back off, restarted 4 times",
            INTERVAL,
        ),
    ),
    (
        an_answer(a_view(state="Terminated"), state="Stopped"),
        None,
        ("Stopped", report.STOPPED_OUTSIDE, INTERVAL),
    ),
    (
        an_answer(provisioning="Failed"),
        None,
        (
            "ProvisioningFailed",
            "Azure says that the last operation failed. It may still heal by itself.",
            INTERVAL,
        ),
    ),
]


@pytest.mark.parametrize(("answer", "policy", "judgement"), UNWELL)
def test_a_group_that_does_not_do_its_work_is_not_ready(
    answer: dict[str, Any], policy: str | None, judgement: Judged
) -> None:
    assert judged(answer, policy) == judgement


STARTING: list[tuple[dict[str, Any], Judged]] = [
    (an_answer(provisioning="Pending"), ("Creating", "Azure says Pending for the group.", 1.0)),
    (an_answer(provisioning="Updating"), ("Updating", "Azure says Updating for the group.", 1.0)),
    (an_answer(provisioning="Repairing"), ("Creating", "Azure says Repairing for the group.", 1.0)),
    (
        an_answer(a_view("a", state="Waiting"), a_view("b"), state="Pending"),
        ("Starting", "Containers are starting (a: Waiting).", 1.0),
    ),
    (
        an_answer(a_view("a", state=None), state="Pending"),
        ("Starting", "Containers are starting (a: unknown).", 1.0),
    ),
]


@pytest.mark.parametrize(("answer", "judgement"), STARTING)
def test_what_is_on_its_way_is_looked_at_each_second(
    answer: dict[str, Any], judgement: Judged
) -> None:
    assert judged(answer) == judgement


@pytest.mark.parametrize(
    ("since", "answer", "after"),
    [
        ("2026-01-01T00:14:41Z", an_answer(provisioning="Creating"), 1.0),
        ("2026-01-01T00:14:40Z", an_answer(provisioning="Creating"), 10.0),
        ("2026-01-01T00:14:41Z", an_answer(a_view(state="Waiting")), 1.0),
        ("2026-01-01T00:14:40Z", an_answer(a_view(state="Waiting")), INTERVAL),
    ],
)
def test_after_two_minutes_it_is_looked_at_less_often(
    since: str, answer: dict[str, Any], after: float
) -> None:
    waiting = a_ready("False", reason="Creating", lastTransitionTime=since)
    assert judged(answer, conditions=[waiting])[2] == after


@pytest.mark.parametrize(
    ("answer", "policy", "said"),
    [
        (an_answer(), None, {"ContainersHealthy": ("True", "Running")}),
        (
            an_answer(a_view(**ENDED), state="Succeeded"),
            "Never",
            {"ContainersHealthy": ("True", "Succeeded"), "Completed": ("True", "Succeeded")},
        ),
        (
            an_answer(a_view(**CRASHED), state="Failed"),
            "Never",
            {"ContainersHealthy": ("False", "Failed"), "Completed": ("False", "Failed")},
        ),
        (
            an_answer(a_view(**CRASHED)),
            None,
            {"ContainersHealthy": ("False", "ContainersNotRunning")},
        ),
        (
            an_answer(a_view(state="Terminated"), state="Stopped"),
            None,
            {"ContainersHealthy": ("False", "Stopped")},
        ),
    ],
)
def test_health_and_completion_are_conditions_of_their_own(
    answer: dict[str, Any], policy: str | None, said: dict[str, Any]
) -> None:
    p = a_pass(an_object(KIND, spec={"restartPolicy": policy} if policy else {}))
    judgement(p, answer)
    assert conditions_of(p) == said


COMPLETED = [a_ready(type="Completed", reason="Succeeded")]


@pytest.mark.parametrize(
    "answer",
    [
        an_answer(),
        an_answer(provisioning="Updating"),
        an_answer(provisioning="Failed"),
    ],
)
def test_an_ended_group_that_does_something_else_again_is_not_completed(
    answer: dict[str, Any],
) -> None:
    spec = {"restartPolicy": "Never"}
    p = a_pass(an_object(KIND, spec=spec, status={"conditions": COMPLETED}))
    judgement(p, answer)
    assert "Completed" not in conditions_of(p)


def test_a_group_that_stays_ended_keeps_the_time_of_its_end() -> None:
    spec = {"restartPolicy": "Never"}
    p = a_pass(an_object(KIND, spec=spec, status={"conditions": COMPLETED}))
    judgement(p, an_answer(a_view(**ENDED), state="Succeeded"))
    built = p.status.build(1, p.world.clock.now())["conditions"]
    assert [c["lastTransitionTime"] for c in built if c["type"] == "Completed"] == [
        "2026-01-01T00:00:00Z"
    ]


def test_only_the_first_ten_containers_are_told() -> None:
    answer = an_answer(*(a_view(f"c{n}", **CRASHED) for n in range(12)))
    told = "; ".join(f"c{n}: Terminated, Error, exit code 2" for n in range(10))
    assert judged(answer)[1] == f"Containers do not run ({told})."
