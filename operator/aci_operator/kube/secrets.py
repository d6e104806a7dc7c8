"""Secrets that our objects name: read when used, never watched, listed or kept."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aci_operator.api.objects import FINALIZER
from aci_operator.kube import finalizers, paths
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Stale

_ATTEMPTS = 3


@dataclass(frozen=True)
class SecretView:
    """One Secret at one resourceVersion. Its values never show up in a `repr`."""

    namespace: str
    name: str
    uid: str
    resource_version: str
    data: Mapping[str, bytes] = field(repr=False)
    finalizers: tuple[str, ...] = ()
    deleting: bool = False

    @property
    def held(self) -> bool:
        """Whether our finalizer stands on it."""
        return FINALIZER in self.finalizers


async def read(kube: Kube, namespace: str, name: str) -> SecretView | None:
    """The Secret as it is now, None if it is not there. Raises `KubeError`."""
    try:
        return parse(await kube.get(paths.of_secret(namespace, name)))
    except Gone:
        return None


async def hold(kube: Kube, namespace: str, name: str) -> SecretView | None:
    """Put our finalizer on, so that the Secret outlives the objects that need it.

    None if it is not there. On one that is being deleted the API server takes no new finalizer: it
    comes back as it is, not held. Raises `Stale` if others keep writing to it.
    """
    for _ in range(_ATTEMPTS):
        secret = await read(kube, namespace, name)
        if secret is None or secret.held or secret.deleting:
            return secret
        try:
            patch = finalizers.adding_to(secret.resource_version, secret.finalizers)
            return parse(await finalizers.patch(kube, paths.of_secret(namespace, name), patch))
        except Gone:
            return None
        except Stale:
            continue
    raise Stale(f"Secret {namespace}/{name} keeps changing", status=409)


async def release(kube: Kube, namespace: str, name: str) -> None:
    """Take our finalizer off, if it stands there. Raises `Stale` if others keep writing to it."""
    for _ in range(_ATTEMPTS):
        secret = await read(kube, namespace, name)
        if secret is None or not secret.held:
            return
        try:
            patch = finalizers.removing_from(secret.resource_version, secret.finalizers)
            await finalizers.patch(kube, paths.of_secret(namespace, name), patch)
            return
        except Gone:
            return
        except Stale:
            continue
    raise Stale(f"Secret {namespace}/{name} keeps changing", status=409)


def parse(body: Mapping[str, Any]) -> SecretView:
    """View the API server's JSON of a Secret."""
    metadata = body["metadata"]
    data = body.get("data") or {}
    return SecretView(
        namespace=metadata["namespace"],
        name=metadata["name"],
        uid=metadata["uid"],
        resource_version=metadata["resourceVersion"],
        data={key: base64.b64decode(value) for key, value in data.items()},
        finalizers=tuple(metadata.get("finalizers") or ()),
        deleting="deletionTimestamp" in metadata,
    )
