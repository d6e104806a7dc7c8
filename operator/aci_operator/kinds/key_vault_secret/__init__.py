"""KeyVaultSecret: a secret in a vault, fed by a key of a Kubernetes Secret."""

from aci_operator.kinds.key_vault_secret.room import ROOM

__all__ = ["ROOM"]
