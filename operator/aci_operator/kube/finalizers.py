"""Our finalizer: on before the first write to Azure, off when nothing of ours is left there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aci_operator.api.objects import FINALIZER, Object
from aci_operator.kube import paths
from aci_operator.kube.client import JSON_PATCH, Kube
from aci_operator.kube.errors import Gone, Refused, Stale


async def add(kube: Kube, obj: Object) -> Object:
    """Put our finalizer on; the object as it is then. Raises `Stale`, `Gone` and other errors."""
    if obj.held:
        return obj
    return Object.parse(await patch(kube, paths.of_object(obj.key), adding(obj)))


async def remove(kube: Kube, obj: Object) -> Object | None:
    """Take our finalizer off; None if the object is gone. Raises `Stale` and other errors.

    What comes back of an object that is being deleted was its last state, if nobody else holds it.
    """
    if not obj.held:
        return obj
    try:
        left = Object.parse(await patch(kube, paths.of_object(obj.key), removing(obj)))
    except Gone:
        return None
    return None if left.deleting and not left.finalizers else left


def adding(obj: Object) -> list[dict[str, Any]]:
    """The patch that puts our finalizer on exactly this version of the object."""
    return adding_to(obj.resource_version, obj.finalizers)


def removing(obj: Object) -> list[dict[str, Any]]:
    """The patch that takes our finalizer off exactly this version of the object."""
    return removing_from(obj.resource_version, obj.finalizers)


def adding_to(resource_version: str, finalizers: Sequence[str]) -> list[dict[str, Any]]:
    """The same for any kind of object."""
    test = {"op": "test", "path": "/metadata/resourceVersion", "value": resource_version}
    if finalizers:
        return [test, {"op": "add", "path": "/metadata/finalizers/-", "value": FINALIZER}]
    return [test, {"op": "add", "path": "/metadata/finalizers", "value": [FINALIZER]}]


def removing_from(resource_version: str, finalizers: Sequence[str]) -> list[dict[str, Any]]:
    """The same for any kind of object."""
    path = f"/metadata/finalizers/{list(finalizers).index(FINALIZER)}"
    return [
        {"op": "test", "path": "/metadata/resourceVersion", "value": resource_version},
        {"op": "test", "path": path, "value": FINALIZER},
        {"op": "remove", "path": path},
    ]


async def patch(kube: Kube, path: str, operations: list[dict[str, Any]]) -> dict[str, Any]:
    """Send such a patch. Raises `Stale` if the object is at another version than it tests."""
    try:
        return await kube.patch(path, operations, JSON_PATCH)
    except Refused as error:
        # The answer to a failed test is a 422 that does not say so: the version has to.
        now = (await kube.get(path))["metadata"]["resourceVersion"]
        if now != operations[0]["value"]:
            raise Stale(f"{path} is at another version", status=409) from error
        raise
