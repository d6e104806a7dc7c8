"""A PUT on a group that exists."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from emulator.containers.builders import PROVIDER, a_container, a_group, with_identity
from emulator.containers.conftest import Call

DEMO = f"{PROVIDER}/containerGroups/demo"
SECURE = a_group(a_container(environmentVariables=[{"name": "S", "secureValue": "x"}]))


async def test_an_update_restarts_the_containers_once(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    answer = await aci("PUT", "demo", a_group(a_container(image="other:1")))
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (200, "Updating")
    assert answer.body["properties"]["instanceView"]["state"] == "Running"
    assert told.starts(DEMO) == 1
    azure.clock.advance(1)
    assert (told.starts(DEMO), told.provisioning_of(DEMO)) == (2, "Succeeded")


async def test_an_update_kills_and_starts_in_the_events(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", a_group())
    azure.clock.advance(10)
    await aci("PUT", "demo", a_group(a_container(image="other:1")))
    azure.clock.advance(1)
    container = (await aci("GET", "demo")).body["properties"]["containers"][0]
    events = container["properties"]["instanceView"]["events"]
    counts = {event["name"]: event["count"] for event in events}
    assert counts == {"Pulling": 2, "Pulled": 2, "Started": 2, "Killing": 1}


async def test_an_update_may_answer_201(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"update_answers_200": False})
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    assert (await aci("PUT", "demo", a_group())).status == 201


@pytest.mark.parametrize(("restarts", "starts"), [(False, 1), (True, 2)])
async def test_an_identical_put_restarts_as_told(
    aci: Call, azure: Emulator, told: ContainerGroups, restarts: bool, starts: int
) -> None:
    azure.settings.change({"identical_put_restarts": restarts})
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    await aci("PUT", "demo", a_group(restartPolicy="Always"))
    azure.clock.advance(1)
    assert told.starts(DEMO) == starts


async def test_switching_an_identity_on_restarts_the_containers_once(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    azure.clock.advance(1)
    assert told.starts(DEMO) == 2


async def test_a_put_while_an_operation_runs_is_refused(aci: Call) -> None:
    await aci("PUT", "demo", a_group())
    answer = await aci("PUT", "demo", a_group(a_container(image="other:1")))
    assert (answer.status, answer.code, answer.message) == (
        409,
        "ContainerGroupTransitioning",
        "The container group 'demo' is still transitioning, please retry later.",
    )


def with_cores(cores: float) -> dict[str, Any]:
    container = a_container()
    container["properties"]["resources"]["requests"]["cpu"] = cores
    return a_group(container)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (a_group(restartPolicy="Never"), 'RestartPolicy (old "Always", new "Never")'),
        (a_group(osType="Windows"), 'OsType (old "Linux", new "Windows")'),
        (with_cores(2), 'Cpu (old "1.0", new "2.0")'),
        (a_group(sku="Dedicated"), 'Sku (old "Standard", new "Dedicated")'),
        (a_group(priority="Spot"), 'Priority (old "Regular", new "Spot")'),
        ({**a_group(), "zones": ["1"]}, 'Zones (old "", new "1")'),
        (a_group(a_container("one"), a_container("two")), 'ContainerCount (old "1", new "2")'),
    ],
)
async def test_what_cannot_change_is_named_with_both_values(
    aci: Call, azure: Emulator, told: ContainerGroups, body: dict[str, Any], text: str
) -> None:
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    answer = await aci("PUT", "demo", body)
    assert (answer.status, answer.code) == (400, "InvalidContainerGroupUpdate")
    assert answer.message == (
        "The updates on container group 'demo' are invalid. If you are going to update the "
        f"{text} for a container group, you must delete it first and then create a new one."
    )
    assert told.starts(DEMO) == 1


async def test_the_number_of_containers_may_be_told_to_change(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"container_count_immutable": False})
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    assert (await aci("PUT", "demo", a_group(a_container("a"), a_container("b")))).status == 200


async def test_ports_may_be_told_not_to_change(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"ports_immutable": True})
    await aci("PUT", "demo", a_group(ipAddress={"type": "Public", "ports": [{"port": 80}]}))
    azure.clock.advance(1)
    changed = a_group(ipAddress={"type": "Public", "ports": [{"port": 81}]})
    assert (await aci("PUT", "demo", changed)).code == "InvalidContainerGroupUpdate"


async def test_a_finished_group_is_deployed_as_new(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    told.behave(exit_code=0, after=1)
    await aci("PUT", "demo", a_group(restartPolicy="Never"))
    azure.clock.advance(2)
    answer = await aci("PUT", "demo", a_group(restartPolicy="Always"))
    properties = answer.body["properties"]
    assert (properties["provisioningState"], properties["instanceView"]["state"]) == (
        "Pending",
        "Pending",
    )


async def test_a_secure_variable_without_its_value_is_refused(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", SECURE)
    azure.clock.advance(1)
    shown = a_group(a_container(environmentVariables=[{"name": "S"}]))
    answer = await aci("PUT", "demo", shown)
    assert (answer.status, answer.code) == (400, "InvalidContainerEnvironmentVariable")
    azure.settings.change({"secure_value_required": False})
    assert (await aci("PUT", "demo", shown)).status == 200


@pytest.mark.parametrize(("knob", "expected"), [(True, {"b": "2"}), (False, {"a": "1"})])
async def test_a_put_changes_tags_as_told(
    aci: Call, azure: Emulator, told: ContainerGroups, knob: bool, expected: dict[str, str]
) -> None:
    azure.settings.change({"put_updates_tags": knob})
    await aci("PUT", "demo", {**a_group(), "tags": {"a": "1"}})
    azure.clock.advance(1)
    await aci("PUT", "demo", {**a_group(), "tags": {"b": "2"}})
    assert (await aci("GET", "demo")).body["tags"] == expected
    assert told.starts(DEMO) == 1


async def test_a_patch_replaces_all_tags_and_restarts_nothing(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await aci("PUT", "demo", {**a_group(), "tags": {"a": "1"}})
    azure.clock.advance(1)
    answer = await aci("PATCH", "demo", {"tags": {"b": "2"}})
    assert (answer.status, answer.body["tags"]) == (200, {"b": "2"})
    assert answer.body["properties"]["instanceView"]["state"] == "Running"
    assert (told.starts(DEMO), told.provisioning_of(DEMO)) == (1, "Succeeded")


async def test_a_refused_update_leaves_the_group_as_it_was(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", {**a_group(), "tags": {"a": "1"}})
    azure.clock.advance(1)
    before = (await aci("GET", "demo")).body
    await aci("PUT", "demo", {**a_group(restartPolicy="Never"), "tags": {"b": "2"}})
    assert (await aci("GET", "demo")).body == before


async def view_of(aci: Call) -> dict[str, Any]:
    container = (await aci("GET", "demo")).body["properties"]["containers"][0]
    view: dict[str, Any] = container["properties"].get("instanceView", {})
    return view


def counts(view: dict[str, Any]) -> dict[str, int]:
    return {event["name"]: event["count"] for event in view["events"]}


async def test_what_was_deployed_anew_remembers_nothing(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    told.behave(exit_code=0, after=1)
    await aci("PUT", "demo", a_group(restartPolicy="Never"))
    azure.clock.advance(2)
    await aci("PUT", "demo", a_group(restartPolicy="Never"))
    assert await view_of(aci) == {}
    azure.clock.advance(1)
    assert counts(await view_of(aci)) == {"Pulling": 1, "Pulled": 1, "Started": 1}


async def test_an_update_of_a_stopped_group_starts_it_and_kills_nothing(
    aci: Call, azure: Emulator
) -> None:
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    await aci("POST", "demo/stop")
    await aci("PUT", "demo", a_group(a_container(image="other:1")))
    azure.clock.advance(1)
    view = await view_of(aci)
    assert view["currentState"]["state"] == "Running"
    assert counts(view) == {"Pulling": 2, "Pulled": 2, "Started": 2}


async def test_a_container_that_was_replaced_has_no_more_events(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    told.behave(exit_code=1, after=1)
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    told.behave()
    await aci("POST", "demo/restart")
    azure.clock.advance(1)
    before = counts(await view_of(aci))
    azure.clock.advance(1000)
    assert counts(await view_of(aci)) == before
