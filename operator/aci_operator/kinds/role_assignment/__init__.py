"""RoleAssignment: one role for one principal on one scope."""

from aci_operator.kinds.role_assignment.room import ROOM

__all__ = ["ROOM"]
