"""ConfigMaps that objects of ours own. One that somebody else made is never written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aci_operator.api.objects import API_VERSION, Object
from aci_operator.kube import paths
from aci_operator.kube.client import MERGE_PATCH, Kube
from aci_operator.kube.errors import Gone

MANAGED_BY = {"app.kubernetes.io/managed-by": "aci-operator"}


@dataclass(frozen=True)
class ConfigMapView:
    """One ConfigMap at one resourceVersion."""

    path: str
    uid: str
    resource_version: str
    owners: frozenset[str]
    """The uids of the objects that own it."""
    data: Mapping[str, str]


async def read(kube: Kube, namespace: str, name: str) -> ConfigMapView | None:
    """The ConfigMap as it is now, None if it is not there. Raises `KubeError`."""
    path = paths.of_config_map(namespace, name)
    try:
        body = await kube.get(path)
    except Gone:
        return None
    metadata = body["metadata"]
    owners = frozenset(each["uid"] for each in metadata.get("ownerReferences") or ())
    version = metadata["resourceVersion"]
    return ConfigMapView(path, metadata["uid"], version, owners, body.get("data") or {})


async def create(kube: Kube, owner: Object, name: str, data: Mapping[str, str]) -> None:
    """Make it, owned, so that it goes with its owner. Raises `KubeError`; `Stale` if it is there.

    Labels of the owner are not copied: tools that track by label would take it for theirs.
    """
    reference = {
        "apiVersion": API_VERSION,
        "kind": owner.key.kind,
        "name": owner.key.name,
        "uid": owner.uid,
        "controller": True,
    }
    namespace = owner.key.namespace
    metadata = {
        "name": name,
        "namespace": namespace,
        "labels": MANAGED_BY,
        "ownerReferences": [reference],
    }
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": dict(data)}
    await kube.post(paths.of_config_maps(namespace), body)


async def change(kube: Kube, found: ConfigMapView, data: Mapping[str, str]) -> None:
    """Write its data whole, over exactly this version. Raises `KubeError`, `Stale`."""
    gone = dict.fromkeys(name for name in found.data if name not in data)
    metadata = {"resourceVersion": found.resource_version}
    body = {"metadata": metadata, "data": {**data, **gone}}
    await kube.patch(found.path, body, MERGE_PATCH)


async def delete(kube: Kube, found: ConfigMapView) -> None:
    """Delete exactly this one; one that is gone already is well. Raises `KubeError`."""
    try:
        await kube.remove(found.path, found.uid)
    except Gone:
        return
