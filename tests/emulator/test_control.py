from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from emulator.conftest import GROUP, NOON, SUBSCRIPTION, Client

VERSION = "2025-04-01"


@pytest.fixture
def control(azure: Emulator, http: aiohttp.ClientSession) -> Client:
    return Client(http, azure.endpoints.control, "")


async def test_endpoints_tell_how_to_reach_and_trust_the_emulator(
    azure: Emulator, control: Client
) -> None:
    answer = await control("GET", "/endpoints")
    assert answer.body == {
        "resourceManager": azure.endpoints.resource_manager,
        "activeDirectory": azure.endpoints.active_directory,
        "control": azure.endpoints.control,
        "proxy": azure.endpoints.proxy,
        "microsoftGraph": azure.endpoints.graph,
        "caFile": str(azure.endpoints.ca_file),
        "tenantId": azure.settings.tenant_id,
        "subscriptionIds": list(azure.settings.subscription_ids),
    }


async def test_a_principal_and_a_role_made_from_outside_give_rights(
    azure: Emulator, http: aiohttp.ClientSession, control: Client, group: str
) -> None:
    made = await control("POST", "/service-principals", body={"displayName": "a"})
    principal = azure.cloud.directory.find(made.body["objectId"])
    assert principal is not None
    role = {"principalId": principal.oid, "role": "Reader", "scope": GROUP}
    assigned = await control("POST", "/role-assignments", body=role)
    client = Client(http, azure.endpoints.resource_manager, azure.token(principal))
    assert (made.status, assigned.status) == (201, 201)
    assert azure.cloud.directory.secret_fits(principal, made.body["secret"])
    assert made.body["appId"] == principal.appid
    assert assigned.body["id"].startswith(f"{GROUP}/providers/Microsoft.Authorization/")
    assert (await client("GET", GROUP, VERSION)).status == 200


async def test_calls_are_shown_without_bodies_and_forgotten(
    azure: Emulator, control: Client, arm: Client, owner: Principal
) -> None:
    await arm("PUT", GROUP, VERSION, {"location": "westus"})
    shown = await control("GET", "/calls")
    assert shown.body == {
        "total": 1,
        "calls": [
            {
                "surface": "arm",
                "method": "PUT",
                "path": f"{GROUP}?api-version={VERSION}",
                "status": 201,
                "oid": owner.oid,
                "time": NOON,
            }
        ],
    }
    assert (await control("POST", "/calls/forget", body={})).status == 204
    assert (await control("GET", "/calls")).body == {"total": 1, "calls": []}


async def test_the_state_is_that_of_the_process(
    azure: Emulator, control: Client, group: str
) -> None:
    assert (await control("GET", "/state")).body == azure.state()


async def test_the_clock_is_moved_forward(azure: Emulator, control: Client) -> None:
    assert (await control("POST", "/clock/advance", body={"seconds": 5})).body == {"now": NOON + 5}
    assert (await control("GET", "/clock")).body == {"now": azure.clock.now()}


async def test_a_setting_is_changed(azure: Emulator, control: Client) -> None:
    answer = await control("PUT", "/settings", body={"role_delay": 0.5, "page_size": 3})
    assert (answer.body["role_delay"], answer.body["page_size"]) == (0.5, 3)
    assert (azure.settings.role_delay, azure.settings.page_size) == (0.5, 3)


async def test_a_fault_is_ordered_and_taken_back(
    azure: Emulator, control: Client, arm: Client, group: str
) -> None:
    await control("POST", "/faults", body={"method": "GET", "status": 503, "times": 2})
    assert (await arm("GET", GROUP, VERSION)).status == 503
    await control("DELETE", "/faults")
    assert (await arm("GET", GROUP, VERSION)).status == 200


async def test_the_identity_endpoint_of_a_group_is_told(azure: Emulator, control: Client) -> None:
    group_id = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"
    answer = await control("GET", f"/identity-endpoint?containerGroup={group_id}")
    assert answer.body == {"url": await azure.identity_endpoint(group_id)}


async def test_the_proxy_as_a_group_sees_it_is_told(azure: Emulator, control: Client) -> None:
    group_id = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"
    answer = await control("GET", f"/container-proxy?containerGroup={group_id}")
    assert answer.body == {"url": azure.container_proxy(group_id)}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/settings", {"role_delay": "soon"}),
        ("PUT", "/settings", {"role_delay": -1}),
        ("PUT", "/settings", {"role_delay": True}),
        ("PUT", "/settings", {"page_size": 1.5}),
        ("PUT", "/settings", {"role_delay": 7, "no_such": 1}),
        ("PUT", "/settings", {"tenant_id": "x"}),
        ("PUT", "/settings", [1]),
        ("POST", "/clock/advance", {"seconds": -1}),
        ("POST", "/clock/advance", {"seconds": True}),
        ("POST", "/service-principals", {}),
        ("POST", "/service-principals", {"displayName": "a", "secret": 5}),
        ("POST", "/role-assignments", {"principalId": "x", "role": "None", "scope": GROUP}),
        ("POST", "/faults", {"explode": True}),
        ("GET", "/identity-endpoint", None),
        ("GET", f"/identity-endpoint?containerGroup={SUBSCRIPTION}", None),
        ("GET", f"/container-proxy?containerGroup={SUBSCRIPTION}", None),
        ("GET", "/container-proxy", None),
    ],
)
async def test_what_makes_no_sense_is_refused(
    azure: Emulator, control: Client, method: str, path: str, body: Any
) -> None:
    before = azure.settings.role_delay
    answer = await control(method, path, body=body)
    assert (answer.status, list(answer.body)) == (400, ["error"])
    assert azure.settings.role_delay == before


async def test_an_unknown_operation_is_not_found(control: Client) -> None:
    assert (await control("GET", "/secrets")).status == 404


async def test_a_web_page_cannot_drive_the_emulator(azure: Emulator, control: Client) -> None:
    rebound = await control("GET", "/calls", headers={"Host": "evil.example"})
    async with aiohttp.ClientSession() as session:
        url = f"{azure.endpoints.control}/clock/advance"
        async with session.post(url, data='{"seconds": 1}') as response:
            assert response.status == 403
    assert rebound.status == 403
    assert azure.clock.now() == NOON


async def test_controlling_is_not_listed_among_the_calls(azure: Emulator, control: Client) -> None:
    await control("GET", "/state")
    assert azure.calls.list() == []
