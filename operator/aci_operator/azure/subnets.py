"""Subnets of virtual networks: read, never written."""

from __future__ import annotations

from .arm import Arm, JsonObject, in_group
from .ids import ArmId
from .versions import SUBNETS

TYPE = "Microsoft.Network/virtualNetworks/subnets"


class Subnets:
    """Microsoft.Network/virtualNetworks/subnets. Raises what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def get(self, id: str | ArmId) -> JsonObject:
        """Read a subnet. Raises ValueError for the ID of something else."""
        return await self._arm.read(str(in_group(id, TYPE)), SUBNETS)
