"""All vaults of the emulated Azure: names are unique over all subscriptions and groups."""

from __future__ import annotations

from collections.abc import Mapping

from azure_emulator.keeping import Kept
from azure_emulator.vaults import refusals
from azure_emulator.vaults.secrets import Secrets
from azure_emulator.vaults.vault import Vault


class VaultStore(Kept):
    """Live and soft-deleted vaults by name, without letter case."""

    KEPT = ("_live", "_deleted")

    def __init__(self) -> None:
        self._live: dict[str, Vault] = {}
        self._deleted: dict[str, Vault] = {}

    def all(self) -> list[Vault]:
        """List all vaults, the soft-deleted ones too."""
        return [*self._live.values(), *self._deleted.values()]

    def under(self, scope: str) -> list[Vault]:
        """List the live vaults of a group or subscription, by name."""
        prefix = scope.lower().rstrip("/") + "/"
        found = [vault for vault in self._live.values() if vault.id.lower().startswith(prefix)]
        return sorted(found, key=lambda vault: vault.name.lower())

    def named(self, name: str) -> Vault | None:
        """Find a live vault anywhere."""
        return self._live.get(name.lower())

    def find(self, parameters: Mapping[str, str]) -> Vault | None:
        """Find the live vault that a path names by `subscription`, `group` and `name`."""
        vault = self.named(parameters["name"])
        return vault if vault is not None and vault.id.lower() == _id(parameters) else None

    def get(self, parameters: Mapping[str, str]) -> Vault:
        """Give the live vault that a path names; AzureError 404 ResourceNotFound."""
        vault = self.find(parameters)
        if vault is None:
            raise refusals.vault_not_found(parameters["name"], parameters["group"])
        return vault

    def add(self, vault: Vault) -> None:
        """Keep a new vault."""
        self._live[vault.name.lower()] = vault

    def delete(self, vault: Vault, now: float) -> None:
        """Take a vault away, into soft-delete where it has that."""
        self._live.pop(vault.name.lower(), None)
        if vault.recovery.days:
            vault.deleted_at = now
            self._deleted[vault.name.lower()] = vault

    def recover(self, vault: Vault) -> None:
        """Bring a soft-deleted vault back."""
        self._deleted.pop(vault.name.lower(), None)
        vault.deleted_at = None
        self._live[vault.name.lower()] = vault

    def purge(self, vault: Vault) -> None:
        """Drop a soft-deleted vault and its secrets for good.

        Nothing happens if its name has gone to another vault since.
        """
        if self._deleted.get(vault.name.lower()) is vault:
            del self._deleted[vault.name.lower()]
            vault.secrets = Secrets()

    def deleted(self, now: float) -> list[Vault]:
        """List all soft-deleted vaults by name; those past their retention are dropped first."""
        for vault in list(self._deleted.values()):
            if now >= vault.purged_at:
                self.purge(vault)
        return sorted(self._deleted.values(), key=lambda vault: vault.name.lower())

    def deleted_named(self, name: str, now: float) -> Vault | None:
        """Find a soft-deleted vault anywhere."""
        return next(
            (vault for vault in self.deleted(now) if vault.name.lower() == name.lower()), None
        )


def subscription_of(vault: Vault) -> str:
    """Give the subscription that a vault's ID names."""
    return vault.id.split("/")[2]


def _id(parameters: Mapping[str, str]) -> str:
    return vault_id(parameters).lower()


def vault_id(parameters: Mapping[str, str]) -> str:
    """Give the resource ID that a path names, in the letter case of the path."""
    return (
        f"/subscriptions/{parameters['subscription']}/resourceGroups/{parameters['group']}"
        f"/providers/Microsoft.KeyVault/vaults/{parameters['name']}"
    )
