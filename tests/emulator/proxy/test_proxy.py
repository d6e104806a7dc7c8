"""The proxy leads to the emulated Azure and nowhere else."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.proxy import server
from emulator.conftest import GROUP, Client

CONTAINERS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"
TOKEN = (
    "http://169.254.169.254/metadata/identity/oauth2/token"
    "?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"
)


async def send(azure: Emulator, raw: bytes) -> bytes:
    """Send bytes to the proxy and give all that comes back."""
    port = urlsplit(azure.endpoints.proxy).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    return answer


async def run_container(arm: Client, azure: Emulator) -> None:
    """Run a container group with a system-assigned identity."""
    container = {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
    body: dict[str, Any] = {
        "location": "westus",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "osType": "Linux",
            "containers": [{"name": "app", "properties": container}],
        },
    }
    assert (await arm("PUT", CONTAINERS, "2023-05-01", body)).status == 201
    azure.clock.advance(60)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"CONNECT example.org:443 HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"CONNECT management.azure.com:22 HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"GET http://example.org/ HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"GET http://management.azure.com/ HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"GET http://169.254.169.254:81/ HTTP/1.1\r\n\r\n", b"403 Forbidden"),
        (b"GET http://169.254.169.254/ HTTP/1.1\r\n\r\n", b"407 Proxy Authentication Required"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request"),
        (b"nonsense\r\n\r\n", b"400 Bad Request"),
        (b"GET http://x/ HTTP/1.1\r\na: " + b"a" * 70_000 + b"\r\n\r\n", b"431 Request Header"),
    ],
)
async def test_all_else_is_refused(azure: Emulator, raw: bytes, status: bytes) -> None:
    assert (await send(azure, raw)).startswith(b"HTTP/1.1 " + status)


async def test_credentials_that_no_container_has_are_refused(azure: Emulator) -> None:
    basic = base64.b64encode(b"container:guess")
    raw = b"GET http://169.254.169.254/ HTTP/1.1\r\nProxy-Authorization: Basic " + basic
    answer = await send(azure, raw + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 407 ")


async def test_a_container_gets_its_own_token_by_169_254_169_254(
    azure: Emulator, arm: Client, group: str
) -> None:
    await run_container(arm, azure)
    proxy = azure.container_proxy(CONTAINERS)
    async with (
        aiohttp.ClientSession() as session,
        session.get(TOKEN, headers={"Metadata": "true"}, proxy=proxy) as response,
    ):
        body = await response.json()
    shown = await arm("GET", CONTAINERS, "2023-05-01")
    principal = azure.cloud.directory.find(shown.body["identity"]["principalId"])
    assert principal is not None
    assert (response.status, body["client_id"]) == (200, principal.appid)


async def test_a_session_leaves_no_valid_credentials_behind(
    azure: Emulator, arm: Client, group: str
) -> None:
    await run_container(arm, azure)
    surroundings = azure.cloud.surroundings
    assert surroundings is not None
    statuses = []
    async with aiohttp.ClientSession(headers={"Metadata": "true"}) as session:
        with surroundings.entered(CONTAINERS) as variables:
            async with session.get(TOKEN, proxy=variables["http_proxy"]) as response:
                statuses.append(response.status)
        async with session.get(TOKEN, proxy=variables["http_proxy"]) as response:
            statuses.append(response.status)
    assert statuses == [200, 407]


async def test_a_container_that_does_not_run_reaches_no_endpoint(azure: Emulator) -> None:
    proxy = azure.container_proxy(CONTAINERS)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(TOKEN, headers={"Metadata": "true"}, proxy=proxy)


async def test_the_host_inside_a_tunnel_decides_and_a_foreign_one_is_misdirected(
    proxied: aiohttp.ClientSession,
) -> None:
    url = "https://management.azure.com/"
    async with proxied.get(url, headers={"Host": "example.org"}) as response:
        assert response.status == 421


async def test_connections_are_bounded(azure: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "CONNECTIONS", 0)
    answer = await send(azure, b"CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")


async def test_whoever_says_nothing_is_dropped(
    azure: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.05)
    assert await send(azure, b"CONNECT ") == b""


async def test_the_end_of_the_emulator_ends_open_tunnels() -> None:
    async with Emulator() as azure:
        port = urlsplit(azure.endpoints.proxy).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
