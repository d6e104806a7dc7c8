"""Key vaults: the management plane, with access policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from azure.mgmt.keyvault.aio import KeyVaultManagementClient

from .arm import (
    Arm,
    JsonObject,
    JsonObjects,
    answer,
    as_object,
    encoded,
    in_group,
    initial,
    raw,
    read_page,
    region_name,
    target,
)
from .errors import AzureError
from .ids import ArmId
from .versions import VAULTS

TYPE = "Microsoft.KeyVault/vaults"


class Vaults:
    """Microsoft.KeyVault/vaults. All methods raise what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def get(self, id: str | ArmId) -> JsonObject:
        """Read a vault; Absent if it is not there."""
        vault = in_group(id, TYPE)
        return await answer(self._of(vault).get(vault.resource_group, vault.name, cls=raw))

    async def create(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Create a vault by PUT, or recover it (`createMode: recover`).

        Only after a GET that said 404: a PUT over a vault that exists replaces all its access
        policies (design.md section 3.3).
        """
        vault = in_group(id, TYPE)
        put = self._of(vault).begin_create_or_update
        return await initial(
            put(vault.resource_group, vault.name, encoded(body), polling=False, cls=raw)
        )

    async def patch(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Change what `body` holds and keep the rest; `tags` replaces the whole map.

        Raises ValueError for a body with `accessPolicies`: PATCH replaces that list and would
        take the access of others away (azure.md section 10).
        """
        properties = body.get("properties")
        if isinstance(properties, Mapping) and any(
            name.lower() == "accesspolicies" for name in properties
        ):
            raise ValueError("accessPolicies must not be in a PATCH: it replaces the whole list")
        vault = in_group(id, TYPE)
        patch = self._of(vault).update
        return await answer(patch(vault.resource_group, vault.name, encoded(body), cls=raw))

    async def add_policies(
        self, id: str | ArmId, entries: Sequence[Mapping[str, Any]]
    ) -> JsonObjects:
        """Add permissions to the entries of these principals and leave all else as it is.

        An entry is `{tenantId, objectId[, applicationId], permissions {secrets, keys...}}`; the
        entries that the answer shows are given back (azure.md section 10.1).
        """
        return await self._policies(id, "add", entries)

    async def remove_policies(
        self, id: str | ArmId, entries: Sequence[Mapping[str, Any]]
    ) -> JsonObjects:
        """Take permissions out of the entries of these principals.

        Permissions must be written in the letter case in which the vault stores them, or they
        stay (azure.md section 10.1).
        """
        return await self._policies(id, "remove", entries)

    async def delete(self, id: str | ArmId) -> None:
        """Delete a vault into soft-delete; nothing happens if it is not there."""
        vault = in_group(id, TYPE)
        await answer(self._of(vault).delete(vault.resource_group, vault.name, cls=raw))

    async def list(self, group_id: str | ArmId) -> JsonObjects:
        """List the vaults of a resource group."""
        group = target(group_id, "resourceGroups")
        return await self._arm.pages(f"{group}/providers/{TYPE}", VAULTS)

    async def find_deleted(self, subscription: str, location: str, name: str) -> JsonObject | None:
        """Look a name up among the soft-deleted vaults of a region; None if it is not there.

        Needs a right on the subscription: Forbidden for callers with less (design.md section 6).
        Which code says that it is not there is not recorded, so any 404 counts.
        """
        operations = self._operations(subscription)
        try:
            return await answer(operations.get_deleted(name, region_name(location), cls=raw))
        except AzureError as error:
            if error.status == 404:
                return None
            raise

    async def purge(self, subscription: str, location: str, name: str) -> None:
        """Begin to remove a soft-deleted vault for good."""
        operations = self._operations(subscription)
        await initial(
            operations.begin_purge_deleted(name, region_name(location), polling=False, cls=raw)
        )

    async def _policies(
        self, id: str | ArmId, kind: str, entries: Sequence[Mapping[str, Any]]
    ) -> JsonObjects:
        vault = in_group(id, TYPE)
        body = encoded({"properties": {"accessPolicies": [dict(entry) for entry in entries]}})
        put = self._of(vault).update_access_policy
        after = await answer(put(vault.resource_group, vault.name, kind, body, cls=raw))
        stored = as_object(after.get("properties")).get("accessPolicies") or []
        return read_page({"value": stored}, str(vault))[0]

    def _of(self, vault: ArmId) -> Any:
        return self._operations(vault.subscription)

    def _operations(self, subscription: str) -> Any:
        return self._arm.client(KeyVaultManagementClient, subscription, VAULTS).vaults
