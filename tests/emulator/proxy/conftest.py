"""Azure through the proxy: a client that knows production addresses only."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from emulator.conftest import Client

ARM = "https://management.azure.com"


@pytest.fixture
async def proxied(
    azure: Emulator, http: aiohttp.ClientSession
) -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session that reaches everything through the proxy."""
    async with aiohttp.ClientSession(
        connector=http.connector, connector_owner=False, proxy=azure.endpoints.proxy
    ) as session:
        session._retry_connection = False
        yield session


@pytest.fixture
def production(azure: Emulator, proxied: aiohttp.ClientSession, owner: Principal) -> Client:
    """ARM by its production address, called by the owner."""
    return Client(proxied, ARM, azure.token(owner))
