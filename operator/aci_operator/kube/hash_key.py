"""The key of our keyed hashes: it tells changes of secret values without telling the values."""

from __future__ import annotations

import base64
import secrets as randomness

from aci_operator.kube import paths, secrets
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Refused, Stale

NAME = "aci-operator-hash-key"
_ENTRY = "key"
_BYTES = 32


async def load(kube: Kube, namespace: str) -> bytes:
    """The 32 bytes in the Secret of that name, which is made if it is not there.

    Of several that try to make it one wins, and all use the winner's. Raises `Refused` if the
    Secret is there without a usable key: making a new one would make every hash unknown.
    """
    found = await secrets.read(kube, namespace, NAME)
    if found is None:
        found = await _create(kube, namespace)
    key = found.data.get(_ENTRY, b"")
    if len(key) < _BYTES:
        raise Refused(f"Secret {namespace}/{NAME} has no entry {_ENTRY!r} of {_BYTES} bytes")
    return key


async def _create(kube: Kube, namespace: str) -> secrets.SecretView:
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": NAME, "namespace": namespace},
        "type": "Opaque",
        "immutable": True,
        "data": {_ENTRY: base64.b64encode(randomness.token_bytes(_BYTES)).decode()},
    }
    try:
        return secrets.parse(await kube.post(paths.of_secrets(namespace), body))
    except Stale:
        return secrets.parse(await kube.get(paths.of_secret(namespace, NAME)))
