"""Somebody else who works in the same Azure, by its own API and not by the operator."""

from __future__ import annotations

from typing import Any

import aiohttp

from azure_emulator.emulator import Emulator
from integration.world import World

VERSIONS = {
    "Microsoft.KeyVault": "2026-02-01",
    "Microsoft.ManagedIdentity": "2024-11-30",
    "Microsoft.ContainerInstance": "2025-09-01",
    "Microsoft.Authorization": "2022-04-01",
}
GROUP_VERSION = "2025-04-01"


class Foreigner:
    """An owner of the subscription, with a token of its own."""

    def __init__(self, world: World) -> None:
        azure: Emulator = world.azure
        self._world = world
        self.principal = azure.create_service_principal("somebody-else", secret="theirs")
        subscription = f"/subscriptions/{world.account.subscription_id}"
        azure.assign_role(self.principal.oid, "Owner", subscription)

    async def put(self, id_: str, body: dict[str, Any]) -> None:
        """PUT a resource by its ID."""
        await self._send("PUT", self._arm(id_), self._world.azure.token(self.principal), body)

    async def delete(self, id_: str) -> None:
        """DELETE a resource by its ID."""
        await self._send("DELETE", self._arm(id_), self._world.azure.token(self.principal))

    async def set_secret(self, vault_uri: str, name: str, value: str) -> None:
        """Write a secret into a vault that lets us in."""
        token = self._world.azure.token(self.principal, "https://vault.azure.net")
        url = f"{vault_uri.rstrip('/')}/secrets/{name}?api-version=7.5"
        await self._send("PUT", url, token, {"value": value})

    def vault(self, **more: Any) -> dict[str, Any]:
        """Give the body of a vault that lets us write secrets."""
        entry = {
            "tenantId": self._world.account.tenant_id,
            "objectId": self.principal.oid,
            "permissions": {"secrets": ["set"]},
        }
        return {
            "location": "eastus",
            "properties": {
                "tenantId": self._world.account.tenant_id,
                "sku": {"family": "A", "name": "standard"},
                "accessPolicies": [entry],
                "enableRbacAuthorization": False,
                **more,
            },
        }

    def policy(self) -> dict[str, Any]:
        """Give the body that adds our entry to a vault."""
        return {"properties": {"accessPolicies": self.vault()["properties"]["accessPolicies"]}}

    def _arm(self, id_: str) -> str:
        provider = id_.rpartition("/providers/")[2].partition("/")[0]
        version = VERSIONS.get(provider, GROUP_VERSION)
        return f"{self._world.account.resource_manager}{id_}?api-version={version}"

    async def _send(
        self, method: str, url: str, token: str, body: dict[str, Any] | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        trust = self._world.trust()
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, url, json=body, headers=headers, ssl=trust) as answer,
        ):
            assert answer.status < 300, await answer.text()
