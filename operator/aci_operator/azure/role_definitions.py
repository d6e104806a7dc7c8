"""Role definitions: which role bears a name."""

from __future__ import annotations

from .arm import Arm, JsonObjects
from .ids import ArmId
from .versions import ROLE_DEFINITIONS


class RoleDefinitions:
    """Microsoft.Authorization/roleDefinitions. All methods raise what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def named(self, scope: str | ArmId, role_name: str) -> JsonObjects:
        """List the roles of that name that can be assigned at a scope (azure.md section 11)."""
        quoted = role_name.replace("'", "''")
        path = f"{ArmId.parse(str(scope))}/providers/Microsoft.Authorization/roleDefinitions"
        return await self._arm.pages(path, ROLE_DEFINITIONS, {"$filter": f"roleName eq '{quoted}'"})
