"""Soft-deleted vaults: list, get, purge and the results of purges.

Evidence: recordings/cli-keyvault-softdelete.json and cli-keyvault-mgmt.json.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from azure_emulator.clock import Clock
from azure_emulator.keeping import Kept
from azure_emulator.settings import Settings
from azure_emulator.vaults import refusals
from azure_emulator.vaults.paging import page
from azure_emulator.vaults.store import VaultStore, subscription_of
from azure_emulator.vaults.vault import Vault
from azure_emulator.wire import Request, Response

_PURGES_KEPT = 1000


@dataclass(frozen=True)
class Purge:
    """One purge under way or done."""

    vault: Vault
    started_at: float
    done_at: float


class DeletedVaults(Kept):
    """Handlers of deletedVaults; a purge takes effect when its time has come and somebody looks."""

    KEPT = ("_purges",)

    def __init__(self, settings: Settings, clock: Clock, store: VaultStore) -> None:
        self._settings = settings
        self._clock = clock
        self._store = store
        self._purges: dict[str, Purge] = {}

    def settle(self) -> None:
        """Drop the vaults whose purge is done."""
        now = self._clock.now()
        for purge in self._purges.values():
            if purge.done_at <= now:
                self._store.purge(purge.vault)

    def is_purging(self, vault: Vault) -> bool:
        """Say whether a vault's purge has begun."""
        return any(purge.vault is vault for purge in self._purges.values())

    def of(self, subscription: str) -> list[Vault]:
        """List a subscription's soft-deleted vaults."""
        self.settle()
        return [
            vault
            for vault in self._store.deleted(self._clock.now())
            if subscription_of(vault).lower() == subscription.lower()
        ]

    def list(self, request: Request) -> Response:
        """GET /subscriptions/{s}/providers/Microsoft.KeyVault/deletedVaults."""
        subscription = request.parameters["subscription"]
        shown = [vault.show_deleted(subscription) for vault in self.of(subscription)]
        return page(request, shown, self._settings.page_size)

    def get(self, request: Request) -> Response:
        """GET .../locations/{location}/deletedVaults/{name}; AzureError 404."""
        vault = self._find(request.parameters)
        return Response(200, vault.show_deleted(request.parameters["subscription"]))

    def purge(self, request: Request) -> Response:
        """POST .../deletedVaults/{name}/purge: 202 with the operation's Location, no body."""
        vault = self._find(request.parameters)
        if vault.recovery.purge_protection:
            raise refusals.purge_not_allowed()
        if self.is_purging(vault):
            raise refusals.overlapping(vault.name)
        now = self._clock.now()
        if len(self._purges) >= _PURGES_KEPT:
            self._purges.pop(next(iter(self._purges)))
        token = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        self._purges[token] = Purge(vault, now, now + self._settings.vault_purge_seconds)
        return Response(202, headers={"Location": self._location(request, token)})

    def result(self, request: Request) -> Response:
        """GET .../operationResults/{token}: 202 NotStarted until done, then 200 Succeeded."""
        token = request.parameters["token"]
        purge = self._purges.get(token)
        if purge is None:
            raise refusals.operation_not_found(token)
        self.settle()
        body = {"createdDateTime": _stamp(purge.started_at)}
        if self._clock.now() < purge.done_at:
            location = {"Location": self._location(request, token)}
            return Response(202, {**body, "status": "NotStarted"}, location)
        body |= {"lastActionDateTime": _stamp(purge.done_at), "status": "Succeeded"}
        return Response(200, body)

    def _find(self, parameters: Mapping[str, str]) -> Vault:
        for vault in self.of(parameters["subscription"]):
            same_name = vault.name.lower() == parameters["name"].lower()
            if same_name and vault.is_at(parameters["location"]):
                return vault
        raise refusals.deleted_vault_not_found(parameters["name"])

    def _location(self, request: Request, token: str) -> str:
        given = request.parameters
        return (
            f"{request.base_url}/subscriptions/{given['subscription']}/providers/"
            f"Microsoft.KeyVault/locations/{given['location']}/operationResults/{token}"
            f"?api-version={request.api_version}"
        )


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
