"""The status of our objects, written by server-side apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api.objects import API_VERSION, Object
from aci_operator.kube import paths
from aci_operator.kube.client import APPLY_PATCH, Kube
from aci_operator.kube.errors import Gone

FIELD_MANAGER = "aci-operator"
_QUERY = {"fieldManager": FIELD_MANAGER, "force": "true", "fieldValidation": "Strict"}


async def apply_status(kube: Kube, obj: Object, status: Mapping[str, Any]) -> Object:
    """Make `status` the whole status of the object; fields of ours left out disappear.

    Gives the object as it is then; an equal status leaves its resourceVersion as it was. Raises
    `Stale` if the object is not at `obj.resource_version` any more, `Gone` if it is not there or
    another object has its name, `Refused` if the schema does not know a field.
    """
    body = {
        "apiVersion": API_VERSION,
        "kind": obj.key.kind,
        "metadata": _metadata(obj),
        "status": status,
    }
    path = f"{paths.of_object(obj.key)}/status"
    written = Object.parse(await kube.patch(path, body, APPLY_PATCH, _QUERY))
    if written.uid != obj.uid:
        raise Gone(f"{obj.key} is another object now", status=404)
    return written


def _metadata(obj: Object) -> dict[str, str]:
    # The resourceVersion guards us: an apply that carries an outdated uid alone is accepted.
    metadata = {"name": obj.key.name, "resourceVersion": obj.resource_version}
    if obj.key.namespace:
        metadata["namespace"] = obj.key.namespace
    return metadata
