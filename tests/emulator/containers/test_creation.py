"""What a new container group answers, and what it becomes."""

from __future__ import annotations

from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import GROUP, IMAGE, PROVIDER, a_container, a_group
from emulator.containers.conftest import Call


async def test_the_first_answer_is_the_whole_group_in_pending(aci: Call) -> None:
    answer = await aci("PUT", "demo", a_group())
    assert answer.status == 201
    assert answer.body == {
        "id": f"{PROVIDER}/containerGroups/demo",
        "name": "demo",
        "type": "Microsoft.ContainerInstance/containerGroups",
        "location": "westus",
        "properties": {
            "sku": "Standard",
            "provisioningState": "Pending",
            "provisioningTimeoutInSeconds": 1800,
            "isCustomProvisioningTimeout": False,
            "isCreatedFromStandbyPool": False,
            "osType": "Linux",
            "initContainers": [],
            "containers": [
                {
                    "name": "one",
                    "properties": {
                        "image": IMAGE,
                        "ports": [],
                        "environmentVariables": [],
                        "configMap": {"keyValuePairs": {}},
                        "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}},
                    },
                }
            ],
            "instanceView": {"events": [], "state": "Pending"},
        },
    }


async def test_a_group_goes_from_pending_over_creating_to_succeeded(
    aci: Call, azure: Emulator
) -> None:
    await aci("PUT", "demo", a_group())
    states = []
    for seconds in (0, 0.3, 0.7):
        azure.clock.advance(seconds)
        properties = (await aci("GET", "demo")).body["properties"]
        states.append((properties["provisioningState"], properties["instanceView"]["state"]))
    assert states == [("Pending", "Pending"), ("Creating", "Pending"), ("Succeeded", "Running")]


async def test_a_running_container_shows_its_state_and_events(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", a_group())
    azure.clock.advance(1)
    view = (await aci("GET", "demo")).body["properties"]["containers"][0]["properties"][
        "instanceView"
    ]
    assert view["restartCount"] == 0
    assert (view["currentState"]["state"], view["currentState"]["detailStatus"]) == ("Running", "")
    assert [event["name"] for event in view["events"]] == ["Pulling", "Pulled", "Started"]


async def test_the_operation_named_by_the_answer_ends_with_the_creation(
    aci: Call, arm: Client, azure: Emulator
) -> None:
    headers = (await aci("PUT", "demo", a_group())).headers
    url = headers["Azure-AsyncOperation"]
    region, guid = headers["x-ms-request-id"].split(":")
    assert f"/locations/{region}/operations/{guid}?api-version=2018-06-01&" in url
    assert "Retry-After" not in headers
    assert "Location" not in headers
    before = (await arm("GET", url)).body["status"]
    azure.clock.advance(1)
    after = (await arm("GET", url)).body
    assert (before, after["status"]) == ("Pending", "Succeeded")
    assert after["id"] == f"{PROVIDER}/containerGroups/demo"


async def test_a_public_address_comes_when_the_group_runs(aci: Call, azure: Emulator) -> None:
    sent = {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "hello-aci"}
    first = (await aci("PUT", "demo", a_group(ipAddress=sent))).body["properties"]["ipAddress"]
    assert first == sent
    azure.clock.advance(1)
    then = (await aci("GET", "demo")).body["properties"]["ipAddress"]
    assert {**then, "ip": ""} == {**sent, "ip": "", "fqdn": "hello-aci.westus.azurecontainer.io"}


async def test_a_private_address_is_absent_until_it_is_assigned(aci: Call, azure: Emulator) -> None:
    sent = {"type": "Private", "ports": [{"port": 80}]}
    first = (await aci("PUT", "demo", a_group(ipAddress=sent))).body["properties"]
    azure.clock.advance(1)
    then = (await aci("GET", "demo")).body["properties"]
    assert ("ipAddress" in first, then["ipAddress"]["ip"][:3]) == (False, "10.")


async def test_a_dns_label_is_given_once_per_region(aci: Call) -> None:
    address = {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "hello-aci"}
    await aci("PUT", "demo", a_group(ipAddress=address))
    answer = await aci("PUT", "other", a_group(ipAddress=address))
    assert (answer.status, answer.message) == (
        400,
        "The DNS name label 'hello-aci' in container group 'other' not available. Try using a "
        "different label.",
    )


async def test_a_region_without_room_refuses(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"container_cores_quota": 2})
    await aci("PUT", "demo", a_group())
    answer = await aci("PUT", "other", a_group(a_container("a"), a_container("b")))
    assert (answer.status, answer.code, answer.message) == (
        400,
        "ContainerGroupQuotaReached",
        "Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota "
        "'StandardCores' exceeded in region 'westus'. Limit: '2', Usage: '1' Requested: '2'.",
    )


async def test_a_missing_group_is_not_found(aci: Call) -> None:
    answer = await aci("GET", "demo")
    assert (answer.status, answer.code) == (404, "ResourceNotFound")
    assert answer.message == (
        "The Resource 'Microsoft.ContainerInstance/containerGroups/demo' under resource group "
        "'demo' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix"
    )


async def test_names_are_compared_without_letter_case(aci: Call, arm: Client) -> None:
    await aci("PUT", "demo", a_group())
    path = f"{PROVIDER}/containerGroups/demo".replace(GROUP, GROUP.lower().upper())
    answer = await arm("GET", path.replace("SUBSCRIPTIONS", "subscriptions"), "2025-09-01")
    assert (answer.status, answer.body["name"]) == (200, "demo")


async def test_an_unknown_api_version_is_refused(aci: Call) -> None:
    answer = await aci("GET", "demo", version="2001-01-01")
    assert (answer.status, answer.code) == (400, "NoRegisteredProviderFound")


async def test_another_location_for_a_group_is_refused(aci: Call) -> None:
    await aci("PUT", "demo", a_group())
    answer = await aci("PUT", "demo", {**a_group(), "location": "eastus"})
    assert (answer.status, answer.code) == (409, "InvalidResourceLocation")
