"""Reads of our own kinds, straight from the API server."""

from __future__ import annotations

from aci_operator.api.objects import API_VERSION, Key, Object
from aci_operator.kube import paths
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Stale

CHUNK = 500


async def read(kube: Kube, key: Key) -> Object | None:
    """The object as it is now, None if it is not there. Raises `KubeError`."""
    try:
        return Object.parse(await kube.get(paths.of_object(key)))
    except Gone:
        return None


async def list_all(kube: Kube, kind: str, namespace: str | None = None) -> list[Object]:
    """Every object of one kind in the cluster, or in one namespace, in chunks. Raises `KubeError`.

    `Gone` means that the API server does not serve the kind: its CRD is not installed.
    """
    path = paths.of_kind(kind, namespace)
    try:
        return await _list(kube, kind, path)
    except Stale:
        # 410: the snapshot that the later chunks would come from was compacted meanwhile.
        return await _list(kube, kind, path)


async def _list(kube: Kube, kind: str, path: str) -> list[Object]:
    found: list[Object] = []
    query = {"limit": str(CHUNK)}
    while True:
        page = await kube.get(path, query)
        for item in page["items"]:
            found.append(Object.parse({"apiVersion": API_VERSION, "kind": kind, **item}))
        token = page["metadata"].get("continue")
        if not token:
            return found
        query["continue"] = token
