"""An emulated Azure with one resource group, and clients for its vaults."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.resources.group import ResourceGroup
from emulator.conformance import hold

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
KEY_VAULT = "providers/Microsoft.KeyVault"
VAULT_AUDIENCE = "https://vault.azure.net"


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def error(self) -> tuple[int, str, str]:
        """Status, code and inner code."""
        error = self.body["error"]
        return self.status, error["code"], error.get("innererror", {}).get("code", "")


@dataclass
class Key:
    """A client of the emulated Azure: ARM as `admin`, a vault's data plane as anybody."""

    azure: Emulator
    session: aiohttp.ClientSession
    admin: Principal
    version: str = "2023-07-01"
    principals: dict[str, Principal] = field(default_factory=dict)

    async def arm(self, method: str, path: str, body: Any = None, **query: str) -> Answer:
        """Call ARM; a relative path is below the resource group."""
        if not path.startswith("/"):
            path = f"{GROUP}/{KEY_VAULT}/{path}"
        url = self.azure.endpoints.resource_manager + path
        query = {"api-version": self.version, **{f"${k}": v for k, v in query.items()}}
        return await self.call(method, url, self.azure.token(self.admin), body, query)

    async def data(
        self, method: str, path: str, body: Any = None, *, who: Principal | None, **query: str
    ) -> Answer:
        """Call the data plane of vault `kv`; `who` None sends no token."""
        vault = await self.arm("GET", "vaults/kv1")
        url = vault.body["properties"]["vaultUri"].rstrip("/") + path
        token = self.azure.token(who, VAULT_AUDIENCE) if who else None
        return await self.call(method, url, token, body, {"api-version": "7.5", **query})

    async def call(
        self, method: str, url: str, token: str | None, body: Any, query: dict[str, str] | None
    ) -> Answer:
        """Send one request."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.session.request(
            method, url, json=body, params=query, headers=headers
        ) as response:
            parsed = await response.json() if await response.read() else None
            version = (query or {}).get("api-version", "")
            hold(method, url, version, body, response.status, parsed)
            return Answer(response.status, parsed, dict(response.headers))

    def policy(self, who: Principal, *secrets: str) -> dict[str, Any]:
        """Give an access policy entry."""
        return {
            "tenantId": self.azure.settings.tenant_id,
            "objectId": who.oid,
            "permissions": {"secrets": list(secrets)},
        }

    def vault(self, *policies: Any, **properties: Any) -> dict[str, Any]:
        """Give the body of a vault's PUT."""
        whole = {
            "tenantId": self.azure.settings.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "accessPolicies": list(policies),
            **properties,
        }
        return {"location": "westeurope", "properties": whole}

    def principal(self, name: str) -> Principal:
        """Give a service principal, made once."""
        if name not in self.principals:
            self.principals[name] = self.azure.create_service_principal(name)
        return self.principals[name]


@pytest.fixture
async def azure() -> AsyncIterator[Emulator]:
    async with Emulator(clock=Clock(frozen_at=1_800_000_000)) as emulator:
        emulator.cloud.groups.put(ResourceGroup(SUBSCRIPTION, "rg", "westeurope"))
        yield emulator


@pytest.fixture
async def key(azure: Emulator) -> AsyncIterator[Key]:
    admin = azure.create_service_principal("admin")
    azure.assign_role(admin.oid, "Contributor", f"/subscriptions/{SUBSCRIPTION}")
    context = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Key(azure, session, admin)
