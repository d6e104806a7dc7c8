"""Microsoft.KeyVault as a whole: its routes, what it holds, and a data plane per vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.disguise import disguised
from azure_emulator.exchange import Incoming, Unreachable
from azure_emulator.keeping import Kept
from azure_emulator.vaults.access import Guard
from azure_emulator.vaults.data_plane import API_VERSIONS as DATA_VERSIONS
from azure_emulator.vaults.data_plane import DataPlane
from azure_emulator.vaults.deletion import DeletedVaults
from azure_emulator.vaults.management import LiveVaults
from azure_emulator.vaults.secret import View
from azure_emulator.vaults.store import VaultStore, subscription_of
from azure_emulator.vaults.vault import Vault
from azure_emulator.wire import Response, Route

API_VERSIONS = (
    "2019-09-01",
    "2021-10-01",
    "2022-07-01",
    "2023-02-01",
    "2023-07-01",
    "2024-11-01",
    "2026-02-01",
    "2026-05-15",
)


class Vaults:
    """The provider Microsoft.KeyVault: its management plane, and a data plane per vault."""

    namespace = "Microsoft.KeyVault"

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._store = VaultStore()
        self._deleted = DeletedVaults(cloud.settings, cloud.clock, self._store)
        self._live = LiveVaults(cloud, self._store, self._deleted, self._uri)
        guard = Guard(cloud.settings, cloud.authorization)
        self._data = DataPlane(cloud.clock, cloud.endpoints, cloud.directory, guard)
        self._uris: dict[str, str] = {}

    def routes(self) -> Sequence[Route]:
        """List the operations."""
        provider = "/subscriptions/{subscription}/providers/Microsoft.KeyVault"
        group = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault"
        vault, place = f"{group}/vaults/{{name}}", f"{provider}/locations/{{location}}"
        gone = f"{place}/deletedVaults/{{name}}"
        table = (
            ("PUT", vault, self._live.put, "vaults/write"),
            ("PATCH", vault, self._live.patch, "vaults/write"),
            ("GET", vault, self._live.get, "vaults/read"),
            ("DELETE", vault, self._live.delete, "vaults/delete"),
            (
                "PUT",
                f"{vault}/accessPolicies/{{kind}}",
                self._live.change_policies,
                "vaults/accessPolicies/write",
            ),
            ("GET", f"{group}/vaults", self._live.list_in_group, "vaults/read"),
            ("GET", f"{provider}/vaults", self._live.list_in_subscription, "vaults/read"),
            (
                "POST",
                f"{provider}/checkNameAvailability",
                self._live.check_name,
                "checkNameAvailability/read",
            ),
            ("GET", f"{provider}/deletedVaults", self._deleted.list, "deletedVaults/read"),
            ("GET", gone, self._deleted.get, "locations/deletedVaults/read"),
            ("POST", f"{gone}/purge", self._deleted.purge, "locations/deletedVaults/purge/action"),
            (
                "GET",
                f"{place}/operationResults/{{token}}",
                self._deleted.result,
                "locations/operationResults/read",
            ),
        )
        return [
            Route(method, template, handler, f"{self.namespace}/{action}", API_VERSIONS)
            for method, template, handler, action in table
        ]

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List the vaults of a resource group as the list of all resources shows them."""
        return [vault.summary() for vault in self._store.under(group_id)]

    def remove_all(self, group_id: str) -> None:
        """Delete the vaults of a resource group that is being deleted, into soft-delete."""
        for vault in self._store.under(group_id):
            self._live.drop(vault)

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Give what is held, without any secret's value."""
        now = self._cloud.clock.now()
        live = self._store.under("")
        gone = [v for s in self._cloud.settings.subscription_ids for v in self._deleted.of(s)]
        deleted = [vault.show_deleted(subscription_of(vault)) for vault in gone]
        return {
            "vaults": {vault.id: vault.show(API_VERSIONS[-1], now) for vault in live},
            "deletedVaults": {body["id"]: body for body in deleted},
            "secrets": {item["id"]: item for vault in live for item in _items(vault)},
            "deletedSecrets": {
                item["recoveryId"]: item for vault in live for item in _deleted_items(vault, now)
            },
        }

    def holders(self) -> Mapping[str, Kept]:
        """Give what holds the vaults, their secrets and the purges; backups are not kept."""
        return {"vaults": self._store, "purges": self._deleted}

    def restored(self) -> None:
        """Give each vault an address of this process."""
        for vault in self._store.all():
            vault.uri = self._uri(vault.name)

    def _uri(self, name: str) -> str:
        """Give a vault's address; like a DNS name it is the same whenever the name is used."""
        uri = self._uris.get(name.lower())
        if uri is None:
            port = self._cloud.listeners.open(
                lambda incoming: self.answer(name, incoming), surface="vault"
            )
            uri = self._uris[name.lower()] = f"https://127.0.0.1:{port}"
        return uri

    def answer(self, name: str, incoming: Incoming) -> Response:
        """Answer on a vault's data plane; no vault, or none that DNS knows, is no connection."""
        vault = self._store.named(name)
        if vault is None or self._cloud.clock.now() < vault.registered_at:
            raise Unreachable
        response = self._data.answer(vault, incoming)
        body = disguised(response.body, self._cloud.settings)
        return Response(response.status, body, response.headers)


def _items(vault: Vault) -> list[dict[str, Any]]:
    view = View(vault.uri, DATA_VERSIONS[-1], vault.recovery)
    return [view.item(secret) for secret in vault.secrets.live()]


def _deleted_items(vault: Vault, now: float) -> list[dict[str, Any]]:
    view = View(vault.uri, DATA_VERSIONS[-1], vault.recovery)
    vault.secrets.expire(vault.recovery, now)
    return [view.deleted(secret, listed=True) for secret in vault.secrets.deleted()]
