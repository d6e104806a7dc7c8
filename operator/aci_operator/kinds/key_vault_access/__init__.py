"""KeyVaultAccess: what one principal may do on one vault."""

from aci_operator.kinds.key_vault_access.room import ROOM

__all__ = ["ROOM"]
