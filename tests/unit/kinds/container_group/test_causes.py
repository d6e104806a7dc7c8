"""Why containers are not well: one row for each thing that an instance view can tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aci_operator.kinds.container_group import causes
from unit.kinds.container_group.builders import a_view, an_answer

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
EARLIER, JUST_NOW = "2026-01-01T11:00:00Z", "2026-01-01T11:59:00Z"
WAITING: dict[str, Any] = {"state": "Waiting"}
EXITED: dict[str, Any] = {"state": "Terminated", "exitCode": 3}
PULLING = 'Failed to pull image "x": image x not found'
POLICY = "container creation denied by policy: deviceHash not found"


def event(name: str, message: str = "", at: str = EARLIER) -> dict[str, Any]:
    return {"name": name, "message": message, "lastTimestamp": at}


def view(
    *events: dict[str, Any], restarts: int = 0, before: dict[str, Any] | None = None, **current: Any
) -> dict[str, Any]:
    container = a_view(restarts=restarts, **current)
    shown = container["properties"]["instanceView"]
    shown.update({"events": list(events)}, **({"previousState": before} if before else {}))
    return container


def found(container: dict[str, Any], policy: str = "Always", **more: Any) -> list[tuple[str, str]]:
    properties = {**an_answer(container)["properties"], **more}
    return [(cause.reason, cause.text) for cause in causes.found(properties, policy, NOW)]


FAILED = event("Failed", PULLING)
CODE: dict[str, Any] = {"state": "Terminated", "exitCode": 137}
WELL = [
    view(),
    view(FAILED),
    view(FAILED, event("Pulled", at=JUST_NOW), **WAITING),
    view(FAILED, **EXITED),
    view(restarts=1, startTime=JUST_NOW, before=CODE),
    view(restarts=9, startTime=EARLIER, before=CODE),
    view(event("Unhealthy", "Liveness probe failed")),
    view(**WAITING),
    view(**EXITED),
]


@pytest.mark.parametrize("container", WELL)
def test_where_nothing_is_wrong_or_all_is_over_no_cause_is_found(container: dict[str, Any]) -> None:
    assert found(container) == []


ILL: list[tuple[dict[str, Any], tuple[str, str]]] = [
    (
        view(FAILED, **WAITING),
        ("ImagePullFailed", f"app: {PULLING}. Check the image's name and tag."),
    ),
    (
        view(event("Pulled"), event("Failed", "Failed to pull image: x", JUST_NOW), **WAITING),
        ("ImagePullFailed", "app: Failed to pull image: x."),
    ),
    (
        view(event("FailedMount", "no such share"), **WAITING),
        ("MountFailed", "app: a volume cannot be mounted: no such share."),
    ),
    (
        view(event("Failed", POLICY), **WAITING),
        (
            "PolicyMismatch",
            f"app: {POLICY}. The image is not the one that ccePolicy was made for: make the policy "
            "anew.",
        ),
    ),
    (view(restarts=4, **EXITED), ("CrashLooping", "app: exit code 3, restarted 4 times")),
    (
        view(restarts=4, before=CODE, **WAITING),
        ("CrashLooping", "app: exit code 137, restarted 4 times"),
    ),
    (
        view(restarts=2, startTime=JUST_NOW, before={"exitCode": 7147}),
        ("CrashLooping", "app: exit code 7147 (maintenance of the platform), restarted 2 times"),
    ),
    (
        view(event("Unhealthy", "Readiness probe failed", JUST_NOW)),
        ("Unhealthy", "app: Readiness probe failed."),
    ),
]


@pytest.mark.parametrize(("container", "cause"), ILL)
def test_a_cause_is_told_with_azure_s_words_and_the_way_out(
    container: dict[str, Any], cause: tuple[str, str]
) -> None:
    assert found(container) == [cause]


def test_a_mount_error_of_the_group_is_each_waiting_container_s() -> None:
    shared: Any = {"instanceView": {"events": [event("FailedMount", "no key")]}}
    assert [reason for reason, _ in found(view(**WAITING), **shared)] == ["MountFailed"]
    assert found(view(), **shared) == []


def test_containers_wait_for_an_init_container_that_failed() -> None:
    init = {"name": "first", "properties": view(**EXITED)["properties"]}
    assert found(view(**WAITING), initContainers=[init]) == [
        ("InitContainerFailed", "init container first: exit code 3")
    ]
    assert found(view(), initContainers=[init]) == []


def test_what_keeps_an_init_container_from_starting_is_told_as_its_own() -> None:
    init = {"name": "first", "properties": view(FAILED, **WAITING)["properties"]}
    text = f"init container first: {PULLING}. Check the image's name and tag."
    assert found(view(**WAITING), initContainers=[init]) == [("ImagePullFailed", text)]


@pytest.mark.parametrize("policy", ["Always", "OnFailure", "Never"])
def test_an_init_container_that_did_its_work_at_the_second_try_has_no_cause(policy: str) -> None:
    done = view(restarts=1, before=CODE, state="Terminated", exitCode=0)
    init = {"name": "first", "properties": done["properties"]}
    assert found(view(), policy, initContainers=[init]) == []


def test_a_failing_probe_explains_a_crash_loop() -> None:
    container = view(
        event("Unhealthy", "Liveness probe failed"), restarts=3, before=CODE, **WAITING
    )
    assert [reason for reason, _ in found(container)] == ["Unhealthy", "CrashLooping"]


@pytest.mark.parametrize("policy", ["Never", "OnFailure"])
def test_a_job_that_ended_well_after_a_restart_has_no_cause(policy: str) -> None:
    assert found(view(restarts=1, state="Terminated", exitCode=0), policy) == []
