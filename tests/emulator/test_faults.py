from __future__ import annotations

import ssl

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from emulator.conftest import GROUP, SUBSCRIPTION, Client

VERSION = "2025-04-01"


async def test_an_ordered_error_is_answered_once_and_nothing_is_done(
    azure: Emulator, arm: Client
) -> None:
    azure.faults.next(
        method="PUT",
        path="resourceGroups",
        status=429,
        code="SubscriptionRequestsThrottled",
        headers={"Retry-After": "3"},
    )
    first = await arm("PUT", GROUP, VERSION, {"location": "westus"})
    assert (first.status, first.code) == (429, "SubscriptionRequestsThrottled")
    assert first.headers["Retry-After"] == "3"
    assert azure.state()["resourceGroups"] == {}
    assert (await arm("PUT", GROUP, VERSION, {"location": "westus"})).status == 201


async def test_a_request_that_a_fault_answers_is_listed_with_its_body(
    azure: Emulator, arm: Client
) -> None:
    azure.faults.next(method="PUT", status=503)
    await arm("PUT", GROUP, VERSION, {"location": "westus"})
    assert [call.body for call in azure.calls.writes()] == [{"location": "westus"}]


async def test_a_lost_answer_is_lost_after_the_work_was_done(azure: Emulator, arm: Client) -> None:
    azure.faults.next(method="PUT", lost=True)
    with pytest.raises(aiohttp.ClientConnectionError):
        await arm("PUT", GROUP, VERSION, {"location": "westus"})
    assert list(azure.state()["resourceGroups"]) == [GROUP]
    assert [call.status for call in azure.calls.writes()] == [201]


async def test_an_answer_is_cut_in_the_middle_after_the_work_was_done(
    azure: Emulator, arm: Client
) -> None:
    azure.faults.next(method="PUT", cut=True)
    with pytest.raises(aiohttp.ClientPayloadError):
        await arm("PUT", GROUP, VERSION, {"location": "westus"})
    assert list(azure.state()["resourceGroups"]) == [GROUP]


async def test_an_ordered_error_may_have_a_body_of_its_own(azure: Emulator) -> None:
    azure.faults.next(path="/token", status=401, body={"error": "invalid_client"})
    trust = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
    url = f"{azure.endpoints.active_directory}/any/oauth2/v2.0/token"
    async with aiohttp.ClientSession() as http, http.post(url, ssl=trust) as answer:
        assert (answer.status, await answer.json()) == (401, {"error": "invalid_client"})
    assert azure.faults.waiting == 0


async def test_a_fault_lets_the_first_requests_through(azure: Emulator, arm: Client) -> None:
    azure.faults.next(path=GROUP, status=503, after=2)
    assert [(await arm("GET", GROUP, VERSION)).status for _ in range(4)] == [404, 404, 503, 404]


async def test_a_fault_waits_for_a_request_that_fits(
    azure: Emulator, arm: Client, group: str
) -> None:
    azure.faults.next(method="DELETE", path="resourcegroups/DEMO", status=503)
    assert (await arm("GET", GROUP, VERSION)).status == 200
    assert (await arm("DELETE", f"{SUBSCRIPTION}/resourceGroups/other", VERSION)).status == 404
    assert (await arm("DELETE", GROUP, VERSION)).status == 503


async def test_a_fault_happens_as_often_as_ordered(
    azure: Emulator, arm: Client, group: str
) -> None:
    azure.faults.next(status=500, times=2)
    assert [(await arm("GET", GROUP, VERSION)).status for _ in range(3)] == [500, 500, 200]


async def test_forgotten_faults_do_not_happen(azure: Emulator, arm: Client, group: str) -> None:
    azure.faults.next(status=500)
    azure.faults.clear()
    assert (await arm("GET", GROUP, VERSION)).status == 200


async def test_an_unknown_kind_of_fault_is_refused(azure: Emulator) -> None:
    with pytest.raises(TypeError):
        azure.faults.next(explode=True)


async def test_waiting_faults_are_bounded(azure: Emulator) -> None:
    for _ in range(1000):
        azure.faults.next(status=500)
    with pytest.raises(ValueError, match="too many"):
        azure.faults.next(status=500)
