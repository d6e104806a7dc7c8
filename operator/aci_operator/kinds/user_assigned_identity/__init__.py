"""UserAssignedIdentity: Microsoft.ManagedIdentity/userAssignedIdentities."""

from aci_operator.kinds.user_assigned_identity.room import ROOM

__all__ = ["ROOM"]
