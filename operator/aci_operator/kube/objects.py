"""Objects of our own kinds: read, and, where one of ours stands for another, made and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api.objects import API_VERSION, Key, Object
from aci_operator.kube import paths
from aci_operator.kube.client import JSON_PATCH, Kube
from aci_operator.kube.errors import Gone, Stale

CHUNK = 500


async def read(kube: Kube, key: Key) -> Object | None:
    """The object as it is now, None if it is not there. Raises `KubeError`."""
    try:
        return Object.parse(await kube.get(paths.of_object(key)))
    except Gone:
        return None


async def create(
    kube: Kube, kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any]
) -> Object:
    """Make an object. Raises `KubeError`; `Stale` with `AlreadyExists` if its name is taken."""
    path = paths.of_kind(kind, str(metadata["namespace"]))
    body = {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}
    return Object.parse({"kind": kind, **await kube.post(path, body)})


async def change_spec(kube: Kube, obj: Object, fields: Mapping[str, Any]) -> Object:
    """Write these fields of the spec of exactly this version; None takes one out, which must be
    there. Raises `Stale` and other errors."""
    version = {"op": "test", "path": "/metadata/resourceVersion", "value": obj.resource_version}
    changes = [
        {"op": "remove", "path": f"/spec/{name}"}
        if value is None
        else {"op": "add", "path": f"/spec/{name}", "value": value}
        for name, value in fields.items()
    ]
    path = paths.of_object(obj.key)
    answer = await kube.patch(path, [version, *changes], JSON_PATCH)
    return Object.parse({"kind": obj.key.kind, **answer})


async def delete(kube: Kube, obj: Object) -> None:
    """Ask for the deletion of exactly this object. Raises `Gone`, `Stale` and other errors."""
    await kube.remove(paths.of_object(obj.key), obj.uid)


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
