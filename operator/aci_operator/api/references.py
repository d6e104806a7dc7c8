"""References between objects: exactly one of `name` (same namespace) or `id` (an ARM ID)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aci_operator.api.objects import Key


@dataclass(frozen=True)
class Reference:
    """One `...Ref` of a spec: `field` is its path, for messages; `kind` is what it must name."""

    field: str
    kind: str
    name: str | None = None
    id: str | None = None

    @classmethod
    def parse(cls, field: str, kind: str, value: Mapping[str, Any]) -> Reference:
        """Read a reference; the CRD has already refused both and neither of `name` and `id`."""
        return cls(field, kind, name=value.get("name"), id=value.get("id"))

    def key(self, namespace: str) -> Key | None:
        """Give the object of ours that is meant, or None for an ARM ID."""
        return None if self.name is None else Key(self.kind, namespace, self.name)


@dataclass(frozen=True)
class SecretKeyReference:
    """One `...From: {secretKeyRef}` of a spec."""

    field: str
    name: str
    key: str

    @classmethod
    def parse(cls, field: str, value: Mapping[str, Any]) -> SecretKeyReference:
        """Read `{secretKeyRef: {name, key}}`."""
        ref = value["secretKeyRef"]
        return cls(f"{field}.secretKeyRef", ref["name"], ref["key"])


def keys(namespace: str, *references: Reference | None) -> frozenset[Key]:
    """Collect the objects of ours that these references name."""
    found = (reference.key(namespace) for reference in references if reference is not None)
    return frozenset(key for key in found if key is not None)
