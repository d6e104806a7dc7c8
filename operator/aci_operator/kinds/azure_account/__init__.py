"""AzureAccount: the credential that a namespace brings; ClusterAzureAccount: one that is lent."""

from aci_operator.kinds.azure_account.room import CLUSTER_ROOM, ROOM

__all__ = ["CLUSTER_ROOM", "ROOM"]
