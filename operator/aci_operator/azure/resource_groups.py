"""Resource groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure.mgmt.resource.resources.aio import ResourceManagementClient

from .arm import Arm, JsonObject, answer, encoded, initial, raw, target
from .ids import ArmId
from .versions import RESOURCE_GROUPS

TYPE = "resourceGroups"


class ResourceGroups:
    """Microsoft.Resources/resourceGroups. All methods raise what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def get(self, id: str | ArmId) -> JsonObject:
        """Read a group; Absent if it is not there."""
        group = target(id, TYPE)
        return await answer(self._of(group).get(group.name, cls=raw))

    async def put(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Create a group or replace its tags; `body` holds `location`, `tags`."""
        group = target(id, TYPE)
        return await answer(self._of(group).create_or_update(group.name, encoded(body), cls=raw))

    async def patch(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Change a group; `tags` replaces the whole map."""
        group = target(id, TYPE)
        return await answer(self._of(group).update(group.name, encoded(body), cls=raw))

    async def delete(self, id: str | ArmId) -> None:
        """Begin to delete a group with all that is in it."""
        group = target(id, TYPE)
        await initial(self._of(group).begin_delete(group.name, polling=False, cls=raw))

    async def resources(self, id: str | ArmId) -> list[JsonObject]:
        """List what is in a group: `{id, name, type, location...}` each."""
        group = target(id, TYPE)
        return await self._arm.pages(f"{group}/resources", RESOURCE_GROUPS)

    def _of(self, group: ArmId) -> Any:
        client = self._arm.client(ResourceManagementClient, group.subscription, RESOURCE_GROUPS)
        return client.resource_groups
