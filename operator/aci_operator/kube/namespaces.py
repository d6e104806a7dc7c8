"""Whether a namespace is on its way out."""

from __future__ import annotations

from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone


async def ending(kube: Kube, namespace: str) -> bool:
    """Whether the namespace is being deleted, or is gone. Raises `KubeError`."""
    try:
        found = await kube.get(f"/api/v1/namespaces/{namespace}")
    except Gone:
        return True
    return bool(found["metadata"].get("deletionTimestamp"))
