"""Conditions as kstatus, `kubectl wait`, Flux and Argo CD read them.

`Ready` is always there after the first pass; `Reconciling` and `Stalled` stand only while True,
never both. The others stand where they mean something for the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

READY = "Ready"
RECONCILING = "Reconciling"
STALLED = "Stalled"
SYNCED = "Synced"
REFERENCES_RESOLVED = "ReferencesResolved"
IDENTITY_READY = "IdentityReady"
ACCESS_GRANTED = "AccessGranted"
ACCESS_EFFECTIVE = "AccessEffective"
CONTAINERS_HEALTHY = "ContainersHealthy"
COMPLETED = "Completed"
DRIFTED = "Drifted"
EXPORTED = "Exported"
PAUSED = "Paused"

ORDER = (
    READY,
    RECONCILING,
    STALLED,
    SYNCED,
    REFERENCES_RESOLVED,
    IDENTITY_READY,
    ACCESS_GRANTED,
    ACCESS_EFFECTIVE,
    CONTAINERS_HEALTHY,
    COMPLETED,
    DRIFTED,
    EXPORTED,
    PAUSED,
)

MESSAGE_LIMIT = 1024
"""Bytes of a message that are kept: status must stay small."""


@dataclass(frozen=True)
class Condition:
    """What one pass says about one condition type. `status` is True, False or Unknown."""

    type: str
    status: str
    reason: str
    message: str


def merge(
    previous: Iterable[Mapping[str, Any]],
    said: Iterable[Condition],
    generation: int,
    now: datetime,
    *,
    frozen: bool = False,
) -> list[dict[str, Any]]:
    """Give the conditions to store: what this pass said, else what stood there before.

    The three summary conditions are never carried over: a pass says them or they go, unless the
    status is `frozen`.
    `lastTransitionTime` moves only when `status` flips.
    """
    before = {condition["type"]: condition for condition in previous}
    merged = {
        type_: dict(condition)
        for type_, condition in before.items()
        if frozen or type_ not in (READY, RECONCILING, STALLED)
    }
    for condition in said:
        merged[condition.type] = _stored(condition, before.get(condition.type), generation, now)
    return sorted(merged.values(), key=lambda condition: _position(condition["type"]))


def find(status: Mapping[str, Any], type_: str) -> Mapping[str, Any]:
    """Give the stored condition of that type, or an empty one."""
    conditions: Iterable[Mapping[str, Any]] = status.get("conditions") or ()
    return next((condition for condition in conditions if condition["type"] == type_), {})


def is_true(status: Mapping[str, Any], type_: str) -> bool:
    """Whether the stored condition of that type is True."""
    return find(status, type_).get("status") == "True"


def cut(message: str) -> str:
    """Cut a message to `MESSAGE_LIMIT` bytes, at a character's edge."""
    encoded = message.encode()
    if len(encoded) <= MESSAGE_LIMIT:
        return message
    return encoded[: MESSAGE_LIMIT - 3].decode(errors="ignore") + "..."


def _stored(
    condition: Condition, before: Mapping[str, Any] | None, generation: int, now: datetime
) -> dict[str, Any]:
    moved = before is None or before["status"] != condition.status
    since = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    if before is not None and not moved:
        since = before["lastTransitionTime"]
    return {
        "type": condition.type,
        "status": condition.status,
        "reason": condition.reason,
        "message": cut(condition.message),
        "lastTransitionTime": since,
        "observedGeneration": generation,
    }


def _position(type_: str) -> int:
    return ORDER.index(type_) if type_ in ORDER else len(ORDER)
