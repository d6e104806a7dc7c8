"""What a conversion gives: manifests, what was refused, notes, and the Secrets to fill."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

API_VERSION = "aci-operator.io/v1alpha1"


@dataclass(frozen=True)
class Line:
    """One thing to tell: `resource` and `path` say where, `reason` why and what to do."""

    resource: str
    path: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.resource}, {self.path}" if self.path else self.resource
        return f"{where}: {self.reason}"


@dataclass
class Report:
    """Collects the outcome of all inputs of one call."""

    manifests: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    """Name of a Secret -> key -> what belongs there, in words."""
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def refuse(self, resource: str, path: str, reason: str) -> None:
        """List what is not carried over."""
        self.refused.append(Line(resource, path, reason))

    def note(self, resource: str, path: str, reason: str) -> None:
        """List what is carried over, but should be looked at."""
        self.notes.append(Line(resource, path, reason))

    def add(self, kind: str, name: str, spec: dict[str, Any]) -> None:
        """Add a manifest."""
        metadata = {"name": name}
        manifest = {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}
        self.manifests.append(manifest)

    def claim(self, kind: str, wanted: str, owner: str) -> str:
        """Give the name of an object of ours: the same for the same owner, never taken twice."""
        stem = object_name(wanted)
        name, turn = stem, 1
        while self._names.setdefault((kind, name), owner) != owner:
            turn += 1
            name = f"{stem}-{turn}"
        return name

    def secret_key(self, secret: str, key: str, purpose: str) -> dict[str, Any]:
        """Give a `...From` for one key of a Secret, and list the key as one to fill."""
        tidy = re.sub(r"[^-._a-zA-Z0-9]+", "-", key).strip("-")[:253] or "value"
        self.secrets.setdefault(secret, {})[tidy] = purpose
        return {"secretKeyRef": {"name": secret, "key": tidy}}

    def skeletons(self) -> list[dict[str, Any]]:
        """Give the Secrets, without data: applying one never overwrites what was filled in."""
        return [
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "Opaque"}
            for name in self.secrets
        ]


def object_name(text: str) -> str:
    """Make a name that Kubernetes takes: lower-case letters, digits and hyphens, at most 63."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower())[:63].strip("-")
    return name or "unnamed"
