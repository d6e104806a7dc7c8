"""Container groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure.mgmt.containerinstance.aio import ContainerInstanceManagementClient

from . import exec
from .arm import (
    Arm,
    JsonObject,
    JsonObjects,
    answer,
    encoded,
    in_group,
    initial,
    raw,
    region_name,
    target,
)
from .gate import REGION
from .ids import ArmId
from .versions import CONTAINER_GROUPS

TYPE = "Microsoft.ContainerInstance/containerGroups"


class ContainerGroups:
    """Microsoft.ContainerInstance/containerGroups. All methods raise what `errors` names.

    ACI counts creations and deletions per region (azure.md section 9); `location` says which,
    and without it a limit that is met counts for all regions.
    """

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def get(self, id: str | ArmId) -> JsonObject:
        """Read a group with its instanceView; never its secrets (azure.md section 3)."""
        group = in_group(id, TYPE)
        return await answer(self._of(group).get(group.resource_group, group.name, cls=raw))

    async def put(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Create or replace a group; the first answer, before the group runs.

        It already holds the principal ID of a system identity (azure.md section 2). A property
        left out reverts to its default, and all containers may restart (section 5).
        """
        group = in_group(id, TYPE)
        put = self._of(group).begin_create_or_update
        options = {REGION: region_name(str(body.get("location", "")))}
        return await initial(
            put(
                group.resource_group,
                group.name,
                encoded(body),
                polling=False,
                cls=raw,
                **options,
            )
        )

    async def patch_tags(self, id: str | ArmId, tags: Mapping[str, str]) -> JsonObject:
        """Replace the whole map of tags; restarts nothing (azure.md section 5)."""
        group = in_group(id, TYPE)
        body = encoded({"tags": dict(tags)})
        patch = self._of(group).update
        return await answer(patch(group.resource_group, group.name, body, cls=raw))

    async def delete(self, id: str | ArmId, location: str = "") -> None:
        """Delete a group; nothing happens if it is not there. Gone only when GET says so."""
        group = in_group(id, TYPE)
        delete = self._of(group).begin_delete
        options = {REGION: region_name(location)}
        await initial(delete(group.resource_group, group.name, polling=False, cls=raw, **options))

    async def list(self, group_id: str | ArmId) -> JsonObjects:
        """List the groups of a resource group: without any instanceView (azure.md section 1)."""
        group = target(group_id, "resourceGroups")
        path = f"{group}/providers/{TYPE}"
        return await self._arm.pages(path, CONTAINER_GROUPS)

    async def start(self, id: str | ArmId) -> None:
        """Start a stopped group; nothing happens to one that runs."""
        group = in_group(id, TYPE)
        begin = self._of(group).begin_start
        await initial(begin(group.resource_group, group.name, polling=False, cls=raw))

    async def stop(self, id: str | ArmId) -> None:
        """Stop a group; done when this returns (azure.md section 1)."""
        group = in_group(id, TYPE)
        await answer(self._of(group).stop(group.resource_group, group.name, cls=raw))

    async def restart(self, id: str | ArmId) -> None:
        """Restart all containers; goes on after this returns (azure.md section 1)."""
        group = in_group(id, TYPE)
        begin = self._of(group).begin_restart
        await initial(begin(group.resource_group, group.name, polling=False, cls=raw))

    async def logs(
        self, id: str | ArmId, container: str, tail: int | None = None, timestamps: bool = False
    ) -> str:
        """Read what a container has written: all that Azure keeps, or the last `tail` lines.

        Azure keeps 4 MB while it runs, 16 KB or 1,000 lines afterwards (azure.md section 1).
        """
        group = in_group(id, TYPE)
        asked = self._client(group).containers.list_logs(
            group.resource_group, group.name, container, tail, timestamps or None, cls=raw
        )
        return str((await answer(asked)).get("content") or "")

    async def offer_exec(self, id: str | ArmId, container: str) -> JsonObject:
        """Have a shell in a container: `{webSocketUri, password}`, to be taken up at once."""
        group = in_group(id, TYPE)
        asked = self._client(group).containers.execute_command(
            group.resource_group, group.name, container, encoded(exec.request()), cls=raw
        )
        return await answer(asked)

    def _of(self, group: ArmId) -> Any:
        return self._client(group).container_groups

    def _client(self, group: ArmId) -> Any:
        return self._arm.client(
            ContainerInstanceManagementClient, group.subscription, CONTAINER_GROUPS
        )
