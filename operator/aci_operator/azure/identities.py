"""User-assigned identities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure.mgmt.msi.v2024_11_30.aio import ManagedServiceIdentityClient

from .arm import Arm, JsonObject, JsonObjects, answer, encoded, in_group, raw, target
from .ids import ArmId
from .versions import IDENTITIES

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"


class Identities:
    """Microsoft.ManagedIdentity/userAssignedIdentities. All methods raise what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def get(self, id: str | ArmId) -> JsonObject:
        """Read an identity with its `properties {principalId, clientId, tenantId}`."""
        identity = in_group(id, TYPE)
        return await answer(self._of(identity).get(identity.resource_group, identity.name, cls=raw))

    async def put(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Create an identity, or replace its tags: its IDs stay (azure.md section 8)."""
        identity = in_group(id, TYPE)
        put = self._of(identity).create_or_update
        return await answer(put(identity.resource_group, identity.name, encoded(body), cls=raw))

    async def patch(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Change an identity; `tags` replaces the whole map."""
        identity = in_group(id, TYPE)
        patch = self._of(identity).update
        return await answer(patch(identity.resource_group, identity.name, encoded(body), cls=raw))

    async def delete(self, id: str | ArmId) -> None:
        """Delete an identity; nothing happens if it is not there. Azure does not refuse while a
        container group uses it, and the group then answers 500 for ever (azure.md section 2)."""
        identity = in_group(id, TYPE)
        await answer(self._of(identity).delete(identity.resource_group, identity.name, cls=raw))

    async def list(self, group_id: str | ArmId) -> JsonObjects:
        """List the identities of a resource group."""
        group = target(group_id, "resourceGroups")
        path = f"{group}/providers/{TYPE}"
        return await self._arm.pages(path, IDENTITIES)

    def _of(self, identity: ArmId) -> Any:
        client = self._arm.client(ManagedServiceIdentityClient, identity.subscription, IDENTITIES)
        return client.user_assigned_identities
