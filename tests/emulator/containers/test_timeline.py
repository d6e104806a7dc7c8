"""What becomes of a container in time."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_emulator.containers import ContainerGroups
from azure_emulator.containers.behaviour import Behaviour, RestartPolicy
from azure_emulator.containers.timeline import Course, Standing, State, standing
from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import PROVIDER, a_group
from emulator.containers.conftest import Call

DEMO = f"{PROVIDER}/containerGroups/demo"
FAILS = Behaviour(exit_code=1, after=2)


def seen(policy: RestartPolicy, now: float, behaviour: Behaviour = FAILS) -> Standing:
    return standing(Course(behaviour, policy, started=100), now)


def test_a_container_runs_for_ever_by_default() -> None:
    assert seen("Never", 1e9, Behaviour()) == Standing(State("Running", 100), last_start=100)


def test_an_exit_under_never_is_final() -> None:
    assert seen("Never", 500) == Standing(
        State("Terminated", 100, 102, 1, "Error"), last_start=100, ended=True
    )


def test_an_exit_with_0_under_on_failure_is_final() -> None:
    state = seen("OnFailure", 500, Behaviour(exit_code=0, after=2)).current
    assert state == State("Terminated", 100, 102, 0, "Completed")


@pytest.mark.parametrize(
    ("now", "state", "restarts"),
    [
        (101, "Running", 0),
        (102, "Running", 1),  # the first restart comes at once
        (104, "Terminated", 1),
        (114, "Waiting", 1),
        (120, "Running", 2),  # 104 + 10 s back-off + 6 s
        (122, "Terminated", 2),
        (132, "Waiting", 2),
        (148, "Running", 3),  # 122 + 20 s + 6 s
    ],
)
def test_a_crash_loop_backs_off_longer_each_time(now: float, state: str, restarts: int) -> None:
    found = seen("Always", now)
    assert (found.current.state, found.restarts) == (state, restarts)


def test_waiting_says_how_long_and_what_was_before() -> None:
    found = seen("Always", 115)
    assert found.current == State(
        "Waiting", detail="CrashLoopBackOff: Back-off 10s restarting failed"
    )
    assert found.previous == State("Terminated", 102, 104, 1, "Error")


@given(st.floats(0, 1e6), st.floats(0, 1e5), st.floats(0, 50), st.sampled_from([0.0, 10.0]))
def test_restarts_and_starts_never_go_back(
    first: float, later: float, after: float, back_off: float
) -> None:
    course = Course(Behaviour(exit_code=1, after=after), "Always", 0, back_off)
    one, two = standing(course, first), standing(course, first + later)
    assert one.restarts <= two.restarts
    assert one.last_start <= two.last_start <= first + later


async def state_after(aci: Call, azure: Emulator, seconds: float) -> tuple[str, str]:
    azure.clock.advance(seconds)
    properties = (await aci("GET", "demo")).body["properties"]
    return properties["provisioningState"], properties["instanceView"]["state"]


@pytest.mark.parametrize(
    ("policy", "code", "state"),
    [
        ("Never", 0, "Succeeded"),
        ("Never", 2, "Failed"),
        ("OnFailure", 0, "Succeeded"),
        ("OnFailure", 2, "Running"),
        ("Always", 0, "Running"),
    ],
)
async def test_a_group_ends_as_its_policy_says(
    aci: Call, azure: Emulator, told: ContainerGroups, policy: str, code: int, state: str
) -> None:
    told.behave(exit_code=code, after=5)
    await aci("PUT", "demo", a_group(restartPolicy=policy))
    assert await state_after(aci, azure, 7) == ("Succeeded", state)
    assert told.starts(DEMO) == 1


async def test_an_image_that_cannot_be_pulled_fails_the_group_after_half_an_hour(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    told.behave("nowhere:1", pull_fails_for=inf)
    body = a_group()
    body["properties"]["containers"][0]["properties"]["image"] = "nowhere:1"
    await aci("PUT", "demo", body)
    assert await state_after(aci, azure, 100) == ("Creating", "Pending")
    view = (await aci("GET", "demo")).body["properties"]["containers"][0]["properties"][
        "instanceView"
    ]
    assert view["currentState"] == {"state": "Waiting", "detailStatus": ""}
    assert [event["name"] for event in view["events"]] == ["Pulling", "Failed", "BackOff"]
    assert await state_after(aci, azure, 1700) == ("Failed", "Pending")


async def test_a_failed_operation_tells_the_events(
    aci: Call, azure: Emulator, arm: Client, told: ContainerGroups
) -> None:
    told.behave(pull_fails_for=inf)
    url = (await aci("PUT", "demo", a_group())).headers["Azure-AsyncOperation"]
    azure.clock.advance(1800)
    body = (await arm("GET", url)).body
    assert body["status"] == "Failed"
    assert body["error"]["message"].endswith(
        ";Subscription deployment didn't reach a successful provisioning state after '00:30:00'."
    )


async def test_a_failed_group_may_heal_by_itself(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    azure.settings.change({"provisioning_timeout": 60})
    told.behave(pull_fails_for=100)
    await aci("PUT", "demo", a_group())
    assert await state_after(aci, azure, 70) == ("Failed", "Pending")
    assert await state_after(aci, azure, 30) == ("Succeeded", "Running")


async def test_events_may_lag(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"container_event_lag": 30})
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    container = (await aci("GET", "demo")).body["properties"]["containers"][0]
    assert "events" not in container["properties"]["instanceView"]


async def test_a_group_made_behind_a_clients_back_costs_no_call(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    before = len(azure.calls.list())
    told.make(DEMO, a_group())
    assert len(azure.calls.list()) == before
    assert (await aci("GET", "demo")).status == 200
