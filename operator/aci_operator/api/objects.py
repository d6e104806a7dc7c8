"""A custom resource as this operator sees it: identity, metadata, spec and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

GROUP = "aci-operator.io"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"
FINALIZER = f"{GROUP}/finalizer"


class Key(NamedTuple):
    """What names one object in one cluster; the work queue's and the store's key."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return (
            f"{self.kind} {self.namespace}/{self.name}"
            if self.namespace
            else f"{self.kind} {self.name}"
        )


@dataclass(frozen=True)
class Object:
    """One custom resource at one resourceVersion.

    `spec`, `status` and the rest are the API server's JSON and must not be changed in place.
    """

    key: Key
    uid: str
    resource_version: str
    generation: int
    spec: Mapping[str, Any]
    status: Mapping[str, Any] = field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    deletion_timestamp: str | None = None
    created: str = ""
    """When, as the API server writes it: to the second, in UTC, so that text compares as time."""

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Object:
        """View the API server's JSON of one of our kinds; `kind` must be set."""
        metadata = body["metadata"]
        return cls(
            key=Key(body["kind"], metadata.get("namespace", ""), metadata["name"]),
            uid=metadata["uid"],
            resource_version=metadata["resourceVersion"],
            generation=metadata.get("generation", 0),
            spec=body.get("spec") or {},
            status=body.get("status") or {},
            finalizers=tuple(metadata.get("finalizers") or ()),
            annotations=_ours(metadata.get("annotations") or {}),
            labels=metadata.get("labels") or {},
            deletion_timestamp=metadata.get("deletionTimestamp"),
            created=metadata.get("creationTimestamp") or "",
        )

    @property
    def deleting(self) -> bool:
        """Whether somebody asked for this object's deletion."""
        return self.deletion_timestamp is not None

    @property
    def held(self) -> bool:
        """Whether our finalizer stands on the object."""
        return FINALIZER in self.finalizers

    @property
    def policy(self) -> Mapping[str, Any]:
        """`spec.operator`: the policies and settings that are ours, never ARM's."""
        return self.spec.get("operator") or {}


def _ours(annotations: Mapping[str, str]) -> Mapping[str, str]:
    """Keep the annotations of this API group: kubectl's own holds a second copy of the spec."""
    return {name: text for name, text in annotations.items() if name.startswith(f"{GROUP}/")}
