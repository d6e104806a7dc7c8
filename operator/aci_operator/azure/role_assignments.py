"""Role assignments, at any scope."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from azure.mgmt.authorization.v2022_04_01.aio import AuthorizationManagementClient

from .arm import Arm, JsonObject, JsonObjects, answer, encoded, raw, target
from .ids import ArmId
from .versions import ROLE_ASSIGNMENTS

TYPE = "Microsoft.Authorization/roleAssignments"


class RoleAssignments:
    """Microsoft.Authorization/roleAssignments. All methods raise what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def get(self, id: str | ArmId) -> JsonObject:
        """Read an assignment; Absent if it is not there."""
        assignment = target(id, TYPE)
        return await answer(self._of(assignment).get_by_id(_path(assignment), cls=raw))

    async def put(self, id: str | ArmId, body: Mapping[str, Any]) -> JsonObject:
        """Assign a role: `{properties {roleDefinitionId, principalId, principalType...}}`.

        The same content again is fine; the same three things under another name are Rejected
        with the code RoleAssignmentExists (azure.md sections 7.3 and 11).
        """
        assignment = target(id, TYPE)
        put = self._of(assignment).create_by_id
        return await answer(put(_path(assignment), encoded(body), cls=raw))

    async def delete(self, id: str | ArmId) -> None:
        """Take an assignment away; nothing happens if it is not there."""
        assignment = target(id, TYPE)
        await answer(self._of(assignment).delete_by_id(_path(assignment), cls=raw))

    async def list(self, scope: str | ArmId, principal_id: str) -> JsonObjects:
        """List one principal's assignments at, above and below a scope (azure.md section 11).

        Raises ValueError for a principal ID that is no GUID.
        """
        query = {"$filter": f"principalId eq '{uuid.UUID(principal_id)}'"}
        path = f"{ArmId.parse(str(scope))}/providers/{TYPE}"
        return await self._arm.pages(path, ROLE_ASSIGNMENTS, query)

    def _of(self, assignment: ArmId) -> Any:
        client = self._arm.client(
            AuthorizationManagementClient, assignment.subscription, ROLE_ASSIGNMENTS
        )
        return client.role_assignments


def _path(assignment: ArmId) -> str:
    """Write the ID as the client wants it: it puts the first slash itself."""
    return str(assignment).lstrip("/")
