"""The operator's ConfigMap: what an administrator changes while the operator runs."""

from __future__ import annotations

from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone

NAME = "aci-operator"


async def read(kube: Kube, namespace: str, key: str) -> str:
    """Give the text under that key; empty if it, or the ConfigMap, is not there. Raises KubeError.

    No other ConfigMap is ever read: the operator's rights name this one.
    """
    try:
        found = await kube.get(f"/api/v1/namespaces/{namespace}/configmaps/{NAME}")
    except Gone:
        return ""
    return str((found.get("data") or {}).get(key, ""))
