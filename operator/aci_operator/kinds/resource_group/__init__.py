"""ResourceGroup: Microsoft.Resources/resourceGroups."""

from aci_operator.kinds.resource_group.room import ROOM

__all__ = ["ROOM"]
