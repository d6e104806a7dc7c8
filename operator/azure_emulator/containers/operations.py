"""Long operations: the URL that an answer names, and what it tells."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_emulator.containers.events import added_up, shown, stamp
from azure_emulator.containers.group import Group
from azure_emulator.containers.life import Moments
from azure_emulator.errors import AzureError
from azure_emulator.keeping import Kept
from azure_emulator.wire import Request

API_VERSION = "2018-06-01"
"""Of an operation, whatever the api-version of the request that began it (recorded)."""
_KEPT = 10_000


@dataclass(frozen=True)
class Operation:
    """One operation; it is over when its run is, or at `ends` if it has no run."""

    id: str
    group: Group
    api_version: str
    begun: float
    ends: float


class Operations(Kept):
    """The newest operations, by their GUID."""

    KEPT = ("_by_id",)

    def __init__(self) -> None:
        self._by_id: dict[str, Operation] = {}

    def begin(self, group: Group, api_version: str, begun: float, ends: float) -> Operation:
        """Keep a new operation."""
        operation = Operation(str(uuid.uuid4()), group, api_version, begun, ends)
        self._by_id[operation.id] = operation
        while len(self._by_id) > _KEPT:
            del self._by_id[next(iter(self._by_id))]
        return operation

    def find(self, operation_id: str) -> Operation:
        """Find an operation; raises AzureError 404 (code and text made up)."""
        operation = self._by_id.get(operation_id.lower())
        if operation is None:
            raise AzureError(
                404, "OperationNotFound", f"The operation '{operation_id}' was not found."
            )
        return operation


def headers(operation: Operation, request: Request, *, signed: bool) -> Mapping[str, str]:
    """Give the headers that name an operation: its URL, and its GUID as the request's ID.

    No Location and no Retry-After come with it; since 2024 the query is signed (recorded).
    """
    region = operation.group.location
    url = (
        f"{request.base_url}/subscriptions/{operation.group.subscription}/providers"
        f"/Microsoft.ContainerInstance/locations/{region}/operations/{operation.id}"
        f"?api-version={API_VERSION}"
    )
    if signed and request.api_version >= "2024":
        digest = hashlib.sha256(operation.id.encode()).hexdigest()
        url += f"&t={int(operation.begun * 10**7)}&c={digest[:8]}&s={digest[8:]}&h={digest[:16]}"
    return {
        "Azure-AsyncOperation": url,
        "x-ms-request-id": f"{region}:{operation.id}",
    }


def status(operation: Operation, moments: Moments) -> dict[str, Any]:
    """Give the body of an operation's URL.

    `Failed` with an `error` object is ARM's contract, never seen of ACI; its text is the one
    that users report, the events glued together.
    """
    life = operation.group.life
    events = []
    for container in operation.group.safe["containers"]:
        image = container["properties"].get("image", "")
        # What had happened when the operation ended: so in all recordings.
        found = life.events(container["name"], min(moments.events, operation.ends))
        events += shown(added_up(found), container["name"], image, operation.api_version)
    body: dict[str, Any] = {
        "id": operation.group.id,
        "status": "Pending" if moments.now < operation.ends else "Succeeded",
        "startTime": stamp(operation.begun, 7),
        "properties": {"events": events},
    }
    newest = life.run.begun == operation.begun
    if body["status"] == "Succeeded" and newest and life.failed(moments.now):
        body["status"] = "Failed"
        body["error"] = _error(events)
    return body


def _error(events: list[dict[str, Any]]) -> dict[str, str]:
    texts = ";".join(event["message"] for event in events)
    return {
        "code": "Failed",
        "message": f"{texts};Subscription deployment didn't reach a successful provisioning state "
        "after '00:30:00'.",
    }
