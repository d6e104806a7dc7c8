"""Start, stop, restart and delete."""

from __future__ import annotations

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import GROUP, PROVIDER, a_group, with_identity
from emulator.containers.conftest import Call

DEMO = f"{PROVIDER}/containerGroups/demo"
ADDRESS = {"type": "Public", "ports": [{"port": 80}]}


async def running(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", a_group(ipAddress=ADDRESS))
    azure.clock.advance(1)


async def test_stop_is_done_at_once(aci: Call, azure: Emulator) -> None:
    await running(aci, azure)
    answer = await aci("POST", "demo/stop")
    assert (answer.status, "Azure-AsyncOperation" in answer.headers) == (204, False)
    properties = (await aci("GET", "demo")).body["properties"]
    assert properties["instanceView"]["state"] == "Stopped"
    assert properties["provisioningState"] == "Succeeded"
    view = properties["containers"][0]["properties"]["instanceView"]
    assert {**view["currentState"], "finishTime": ""} == {
        "state": "Terminated",
        "finishTime": "",
        "detailStatus": "Container stopped per client request",
    }
    assert view["previousState"]["state"] == "Running"


async def test_a_stopped_group_may_be_stopped_again(aci: Call, azure: Emulator) -> None:
    await running(aci, azure)
    await aci("POST", "demo/stop")
    assert (await aci("POST", "demo/stop")).status == 204


async def test_start_of_a_running_group_does_nothing(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await running(aci, azure)
    answer = await aci("POST", "demo/start")
    azure.clock.advance(5)
    assert (answer.status, "Azure-AsyncOperation" in answer.headers) == (204, False)
    assert told.starts(DEMO) == 1


async def test_start_of_a_stopped_group_is_a_new_deployment(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await running(aci, azure)
    address = (await aci("GET", "demo")).body["properties"]["ipAddress"]["ip"]
    await aci("POST", "demo/stop")
    answer = await aci("POST", "demo/start")
    assert (answer.status, "Azure-AsyncOperation" in answer.headers) == (202, True)
    assert told.provisioning_of(DEMO) == "Pending"
    azure.clock.advance(1)
    properties = (await aci("GET", "demo")).body["properties"]
    assert properties["instanceView"]["state"] == "Running"
    assert properties["ipAddress"]["ip"] != address
    assert told.starts(DEMO) == 2


async def test_restart_is_answered_204_and_goes_on(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await running(aci, azure)
    answer = await aci("POST", "demo/restart")
    assert (answer.status, "Azure-AsyncOperation" in answer.headers) == (204, True)
    properties = (await aci("GET", "demo")).body["properties"]
    assert properties["provisioningState"] == "Updating"
    assert properties["instanceView"]["state"] == "Running"
    azure.clock.advance(1)
    assert (told.provisioning_of(DEMO), told.starts(DEMO)) == ("Succeeded", 2)


async def test_a_restart_is_not_a_restart_by_policy(aci: Call, azure: Emulator) -> None:
    await running(aci, azure)
    await aci("POST", "demo/restart")
    azure.clock.advance(1)
    container = (await aci("GET", "demo")).body["properties"]["containers"][0]
    assert container["properties"]["instanceView"]["restartCount"] == 0


async def test_a_second_restart_joins_the_first(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    await running(aci, azure)
    answers = [await aci("POST", "demo/restart") for _ in range(2)]
    azure.clock.advance(1)
    assert [answer.status for answer in answers] == [204, 204]
    assert told.starts(DEMO) == 2


async def test_actions_while_a_group_is_made_are_refused(aci: Call) -> None:
    await aci("PUT", "demo", a_group())
    answers = [await aci("POST", f"demo/{verb}") for verb in ("start", "stop", "restart")]
    assert {(one.status, one.code) for one in answers} == {(409, "ContainerGroupTransitioning")}


async def test_delete_answers_the_last_body(aci: Call, azure: Emulator) -> None:
    await running(aci, azure)
    last = (await aci("GET", "demo")).body
    answer = await aci("DELETE", "demo")
    assert (answer.status, answer.body) == (200, last)
    assert (await aci("GET", "demo")).status == 404
    assert (await aci("DELETE", "demo")).status == 204


async def test_delete_may_take_time(aci: Call, arm: Client, azure: Emulator) -> None:
    azure.settings.change({"container_delete_seconds": 3})
    await running(aci, azure)
    answer = await aci("DELETE", "demo")
    assert (answer.status, answer.body) == (202, None)
    url = answer.headers["Azure-AsyncOperation"]
    states = [(await arm("GET", url)).body["status"], (await aci("GET", "demo")).status]
    assert (await aci("PUT", "demo", a_group())).code == "ContainerGroupTransitioning"
    azure.clock.advance(3)
    states += [(await arm("GET", url)).body["status"], (await aci("GET", "demo")).status]
    assert states == ["Pending", 200, "Succeeded", 404]


async def test_deleting_the_resource_group_removes_groups_and_principals(
    aci: Call, arm: Client, azure: Emulator
) -> None:
    first = await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    await arm("DELETE", GROUP, "2025-04-01")
    azure.clock.advance(60)
    await arm("PUT", GROUP, "2025-04-01", {"location": "westus"})
    assert (await aci("GET", "demo")).status == 404
    assert azure.cloud.directory.find(first.body["identity"]["principalId"]) is None
