"""KeyVault: Microsoft.KeyVault/vaults."""

from aci_operator.kinds.key_vault.room import ROOM

__all__ = ["ROOM"]
