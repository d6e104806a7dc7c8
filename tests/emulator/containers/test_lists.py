"""Lists of container groups, and what a location offers."""

from __future__ import annotations

from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import PROVIDER, SUBSCRIPTION, VERSION, a_group
from emulator.containers.conftest import Call
from schemas import validate_response

OF_SUBSCRIPTION = f"{SUBSCRIPTION}/providers/Microsoft.ContainerInstance"


async def test_a_list_has_no_instance_view_at_either_level(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", {**a_group(), "tags": {"a": "b"}})
    azure.clock.advance(1)
    whole = (await aci("GET", "demo")).body
    del whole["properties"]["instanceView"]
    del whole["properties"]["containers"][0]["properties"]["instanceView"]
    assert (await aci("GET", "")).body == {"value": [whole]}


async def test_a_subscription_lists_the_groups_of_all_resource_groups(
    aci: Call, arm: Client
) -> None:
    await aci("PUT", "demo", a_group())
    other = f"{SUBSCRIPTION}/resourceGroups/other"
    await arm("PUT", other, "2025-04-01", {"location": "westus"})
    path = f"{other}/providers/Microsoft.ContainerInstance/containerGroups/two"
    await arm("PUT", path, VERSION, a_group())
    of_all = await arm("GET", f"{OF_SUBSCRIPTION}/containerGroups", VERSION)
    of_one = await aci("GET", "")
    names = [[group["name"] for group in answer.body["value"]] for answer in (of_all, of_one)]
    assert names == [["demo", "two"], ["demo"]]


async def test_pages_are_linked(aci: Call, arm: Client, azure: Emulator) -> None:
    azure.settings.change({"page_size": 2})
    for number in range(3):
        await aci("PUT", f"demo-{number}", a_group())
    first = (await aci("GET", "")).body
    second = (await arm("GET", first["nextLink"])).body
    names = [[group["name"] for group in page["value"]] for page in (first, second)]
    assert (names, "nextLink" in second) == ([["demo-0", "demo-1"], ["demo-2"]], False)


async def test_usages_count_groups_and_cores(aci: Call, arm: Client) -> None:
    await aci("PUT", "demo", a_group())
    answer = await arm("GET", f"{OF_SUBSCRIPTION}/locations/westus/usages", VERSION)
    rows = answer.body["value"]
    assert len(rows) == 10
    assert rows[1] == {
        "id": f"{OF_SUBSCRIPTION}/locations/westus/usages/standardCores",
        "unit": "Count",
        "currentValue": 1,
        "limit": 100,
        "name": {"value": "StandardCores", "localizedValue": "Standard Cores"},
    }


async def test_capabilities_and_cached_images_are_the_examples(arm: Client, group: str) -> None:
    lists = [
        (await arm("GET", f"{OF_SUBSCRIPTION}/locations/westus/{kind}", VERSION)).body["value"]
        for kind in ("capabilities", "cachedImages")
    ]
    assert [[row["osType"] for row in rows] for rows in lists] == [
        ["Linux", "Windows"],
        ["Linux", "Linux", "Windows"],
    ]


async def test_a_log_comes_once_the_container_runs(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", a_group())
    before = await aci("GET", "demo/containers/one/logs")
    azure.clock.advance(1)
    after = await aci("GET", "demo/containers/one/logs")
    assert (before.code, after.status) == ("ContainerGroupTransitioning", 200)
    assert after.body == {"content": "This container does not run: its log is this line.\n"}


async def test_outbound_dependencies_are_none(aci: Call) -> None:
    await aci("PUT", "demo", a_group())
    assert (await aci("GET", "demo/outboundNetworkDependenciesEndpoints")).body == []


async def test_answers_fit_the_official_schema(aci: Call, azure: Emulator) -> None:
    await aci("PUT", "demo", a_group(ipAddress={"type": "Public", "ports": [{"port": 80}]}))
    azure.clock.advance(1)
    path = f"{PROVIDER}/containerGroups"
    one, many = (await aci("GET", "demo")).body, (await aci("GET", "")).body
    assert validate_response("GET", f"{path}/demo", VERSION, 200, one) == []
    assert validate_response("GET", path, VERSION, 200, many) == []
