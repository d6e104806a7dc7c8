"""What all tests of the emulator share: a fresh Azure, and a client of its ARM."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.settings import Settings
from emulator.conformance import hold

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/demo"
NOON = 1_790_000_000.0


@dataclass(frozen=True)
class Answer:
    """One answer: `body` is parsed JSON, None if there is none."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """The error code, "" if the body is no error."""
        return str((self.body or {}).get("error", {}).get("code", ""))

    @property
    def message(self) -> str:
        """The error text, "" if the body is no error."""
        return str((self.body or {}).get("error", {}).get("message", ""))


class Client:
    """Sends requests as one principal; `base` is put before paths."""

    def __init__(self, http: aiohttp.ClientSession, base: str, token: str) -> None:
        self._http = http
        self.base = base
        self.token = token

    async def __call__(
        self,
        method: str,
        path: str,
        version: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; a path that is a URL already is sent as it is."""
        url = path if "://" in path else self.base + path
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        params = {"api-version": version} if version is not None else None
        async with self._http.request(
            method, url, params=params, json=body, headers={**sent, **(headers or {})}
        ) as response:
            raw = await response.read()
            parsed = json.loads(raw) if raw else None
            known = version or response.url.query.get("api-version", "")
            if self.token and known:
                hold(method, path, known, body, response.status, parsed)
            return Answer(response.status, parsed, response.headers)


Ask = Callable[..., Awaitable[Any]]
"""A fixture that sends something and gives what came back."""
AsCaller = Callable[..., tuple[Client, Principal]]


@pytest.fixture
def settings() -> Settings:
    """The emulator's settings; a test module may override this."""
    return Settings()


@pytest.fixture
async def azure(settings: Settings) -> AsyncIterator[Emulator]:
    """A fresh, empty Azure whose clock stands still until a test moves it."""
    async with Emulator(settings, clock=Clock(frozen_at=NOON)) as emulator:
        yield emulator


@pytest.fixture
async def http(azure: Emulator) -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session that trusts the emulator's CA."""
    context = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:
        # aiohttp repeats an idempotent request by itself when its answer is lost.
        session._retry_connection = False
        yield session


@pytest.fixture
def owner(azure: Emulator) -> Principal:
    """A principal that may do everything in the subscription."""
    principal = azure.create_service_principal("owner", secret="owner-secret")
    azure.assign_role(principal.oid, "Owner", SUBSCRIPTION)
    return principal


@pytest.fixture
def arm(azure: Emulator, http: aiohttp.ClientSession, owner: Principal) -> Client:
    """ARM, called by the owner: `await arm("GET", path, version[, body])`."""
    return Client(http, azure.endpoints.resource_manager, azure.token(owner))


@pytest.fixture
def as_caller(azure: Emulator, http: aiohttp.ClientSession) -> AsCaller:
    """ARM, called by a new principal with one role: `client, principal = as_caller(role, scope)`;
    a role of None gives none."""

    def make(role: str | None, scope: str = SUBSCRIPTION) -> tuple[Client, Principal]:
        principal = azure.create_service_principal("caller")
        if role is not None:
            azure.assign_role(principal.oid, role, scope)
        return Client(http, azure.endpoints.resource_manager, azure.token(principal)), principal

    return make


@pytest.fixture
async def group(arm: Client) -> str:
    """The ID of a resource group `demo` in westus that exists."""
    answer = await arm("PUT", GROUP, "2025-04-01", {"location": "westus"})
    assert answer.status == 201
    return GROUP
