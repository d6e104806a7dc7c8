"""Objects and time for tests of the engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aci_operator.api.objects import Key, Object
from aci_operator.engine.clock import Clock


class StillClock(Clock):
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


def key(name: str, kind: str = "Thing") -> Key:
    return Key(kind, "here", name)


def thing(name: str, version: int = 1, **fields: Any) -> Object:
    """An object that refers to what its `spec.refs` lists."""
    fields = {"uid": f"uid-{name}", "generation": 1, "spec": {}, **fields}
    return Object(
        key=key(name, fields.pop("kind", "Thing")), resource_version=str(version), **fields
    )


def references_of(obj: Object) -> frozenset[Key]:
    return frozenset(
        key(name, obj.spec.get("refKind", "Thing")) for name in obj.spec.get("refs", ())
    )


def body(name: str, version: int = 1, **metadata: Any) -> dict[str, Any]:
    """What the watch would say of a thing."""
    return {
        "kind": "Thing",
        "metadata": {
            "name": name,
            "namespace": "here",
            "uid": f"uid-{name}",
            "resourceVersion": str(version),
            "generation": 1,
            **metadata,
        },
    }
