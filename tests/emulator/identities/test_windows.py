"""Tokens inside Windows containers: the article's last section."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from emulator.conftest import GROUP, Client

CONTAINERS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"
VAULT = "https://vault.azure.net"
Get = Callable[..., Awaitable[tuple[int, Any]]]


async def run(arm: Client, azure: Emulator, **properties: Any) -> str:
    """Run a Windows group with a system-assigned identity; give its principal ID."""
    requests = {"cpu": 1, "memoryInGB": 1}
    container = {"image": "nanoserver", "resources": {"requests": requests}}
    body = {
        "location": "westus",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "osType": "Windows",
            "containers": [{"name": "app", "properties": container}],
            **properties,
        },
    }
    answer = await arm("PUT", CONTAINERS, "2023-05-01", body)
    assert answer.status == 201, answer.body
    azure.clock.advance(60)
    return str(answer.body["identity"]["principalId"])


@pytest.fixture
def get(azure: Emulator) -> Get:
    """Ask as the article's command does: `await get(header="secret", **query)`."""

    async def ask(header: str = "secret", **query: str) -> tuple[int, Any]:
        variables = azure.container_variables(CONTAINERS)
        headers = {header: variables["IDENTITY_HEADER"]}
        async with (
            aiohttp.ClientSession() as session,
            session.get(variables["IDENTITY_ENDPOINT"], params=query, headers=headers) as response,
        ):
            return response.status, await response.json()

    return ask


async def test_the_articles_request_gives_a_token(
    azure: Emulator, arm: Client, group: str, get: Get
) -> None:
    oid = await run(arm, azure)
    status, body = await get(resource=VAULT, principalId=oid)
    principal = azure.cloud.directory.find(oid)
    assert principal is not None
    assert (status, body["client_id"], body["resource"]) == (200, principal.appid, f"{VAULT}/")


@pytest.mark.parametrize(
    ("header", "query", "refused"),
    [
        ("X-IDENTITY-HEADER", {"resource": VAULT}, (401, "unauthorized")),
        ("Metadata", {"resource": VAULT}, (401, "unauthorized")),
        ("secret", {"resource": VAULT, "client_id": "x"}, (400, "invalid_request")),
        ("secret", {"resource": VAULT, "principalId": "x"}, (400, "invalid_request")),
        ("secret", {}, (400, "invalid_request")),
        ("secret", {"resource": "https://example.org"}, (400, "invalid_resource")),
    ],
)
async def test_what_sdks_send_is_refused(
    azure: Emulator,
    arm: Client,
    group: str,
    get: Get,
    header: str,
    query: dict[str, str],
    refused: tuple[int, str],
) -> None:
    await run(arm, azure)
    status, body = await get(header, **query)
    assert (status, body["error"]) == refused


async def test_169_254_169_254_is_not_there(azure: Emulator, arm: Client, group: str) -> None:
    await run(arm, azure)
    url = await azure.identity_endpoint(CONTAINERS) + "/metadata/identity/oauth2/token"
    query = {"api-version": "2018-02-01", "resource": VAULT}
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(url, params=query, headers={"Metadata": "true"})


async def test_in_a_subnet_there_is_no_token(
    azure: Emulator, arm: Client, group: str, get: Get
) -> None:
    subnet = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/one"
    await run(arm, azure, subnetIds=[{"id": subnet}])
    with pytest.raises(aiohttp.ClientError):
        await get(resource=VAULT)


async def test_a_linux_container_gets_no_variables(
    azure: Emulator, arm: Client, group: str
) -> None:
    await run(arm, azure, osType="Linux")
    assert azure.container_variables(CONTAINERS) == {}
