"""Which cluster this is."""

from __future__ import annotations

from aci_operator.kube.client import Kube


async def cluster_id(kube: Kube) -> str:
    """The uid of the namespace kube-system: it lives as long as the cluster. Raises `KubeError`."""
    namespace = await kube.get("/api/v1/namespaces/kube-system")
    return str(namespace["metadata"]["uid"])
