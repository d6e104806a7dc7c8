"""ContainerGroup: Microsoft.ContainerInstance/containerGroups."""

from aci_operator.kinds.container_group.room import ROOM

__all__ = ["ROOM"]
