"""What the caller may do at a scope."""

from __future__ import annotations

from .arm import Arm, JsonObjects
from .ids import ArmId
from .versions import PERMISSIONS


class Permissions:
    """Microsoft.Authorization/permissions: the caller's own, by roles there and above."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def list(self, scope: str) -> JsonObjects:
        """Give `{actions, notActions, dataActions, notDataActions}` of each role.

        Raises what `errors` names, and ValueError for a scope that is no ARM ID.
        """
        path = f"{ArmId.parse(scope)}/providers/Microsoft.Authorization/permissions"
        return await self._arm.pages(path, PERMISSIONS)
