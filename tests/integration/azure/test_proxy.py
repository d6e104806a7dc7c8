"""The way to Azure through a proxy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from aci_operator.azure import ids
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.errors import Absent, Unavailable
from aci_operator.azure.proxy import Proxy
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal

PUBLIC = {
    "resource_manager": "https://management.azure.com",
    "active_directory": "https://login.microsoftonline.com",
    "custom": False,
}
Open = Callable[..., Any]


async def read_group(session: Session) -> Any:
    group = ids.resource_group_id(session.subscription_id, "Demo")
    return await session.resource_groups.get(group)


async def test_tokens_and_resources_come_through_it(
    open_session: Open, azure: Emulator, principal: Principal
) -> None:
    azure.assign_role(
        principal.oid, "Owner", f"/subscriptions/{azure.settings.subscription_ids[0]}"
    )
    session = await open_session(proxy=Proxy.parse(azure.endpoints.proxy), **PUBLIC)
    with pytest.raises(Absent):
        await read_group(session)
    assert [call.surface for call in azure.calls.list()] == ["entra", "arm"]


async def test_the_loopback_address_is_not_asked_of_it(
    open_session: Open, settings: AccountSettings, principal: Principal
) -> None:
    session = await open_session(proxy=Proxy.parse("http://127.0.0.1:1"))
    assert await session.principal_id() == principal.oid


async def test_the_proxy_gets_its_credentials_and_no_token(open_session: Open) -> None:
    heads: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        proxy = Proxy.parse(f"http://user:word@127.0.0.1:{port}")
        session = await open_session(proxy=proxy, **PUBLIC)
        with pytest.raises(Unavailable):
            await session.principal_id()
    assert heads[0].startswith(b"CONNECT login.microsoftonline.com:443 HTTP/1.1\r\n")
    assert b"\r\nProxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in heads[0]
    assert b"\r\nAuthorization:" not in heads[0]


@pytest.mark.parametrize("refuses", [False, True])
async def test_a_proxy_that_does_not_lead_there_is_unavailable_and_its_password_not_shown(
    open_session: Open, azure: Emulator, refuses: bool
) -> None:
    where = azure.endpoints.proxy.removeprefix("http://") if refuses else "127.0.0.1:1"
    session = await open_session(
        proxy=Proxy.parse(f"http://user:canary-word@{where}"),
        **{**PUBLIC, "active_directory": "https://login.example.org"},
    )
    with pytest.raises(Unavailable) as failed:
        await session.principal_id()
    assert "canary-word" not in f"{failed.value!r} {failed.value}"
