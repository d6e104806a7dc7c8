"""AzureAccount: the credential that a namespace brings."""

from aci_operator.kinds.azure_account.room import ROOM

__all__ = ["ROOM"]
