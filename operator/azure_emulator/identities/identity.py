"""User-assigned identities by their resource ID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from azure_emulator.entra.assertions import Federation
from azure_emulator.entra.directory import Principal
from azure_emulator.keeping import Kept


@dataclass
class Identity:
    """A user-assigned identity.

    `id` has lower-case `resourcegroups`, as Azure answers it (azure.md section 8, knob 12).
    """

    id: str
    name: str
    location: str
    principal: Principal
    tags: dict[str, str] = field(default_factory=dict)
    isolation_scope: str | None = None
    """`None` or `Regional`; None: never given ([spec] 2024-11-30, its effect is not modelled)."""
    credentials: dict[str, Federation] = field(default_factory=dict)
    """Its federated credentials, by name."""


class Identities(Kept):
    """All user-assigned identities, compared without letter case."""

    KEPT = ("_by_id",)

    def __init__(self) -> None:
        self._by_id: dict[str, Identity] = {}

    def __iter__(self) -> Iterator[Identity]:
        return iter(list(self._by_id.values()))

    def find(self, arm_id: str) -> Identity | None:
        """Find an identity by its resource ID."""
        return self._by_id.get(arm_id.lower())

    def under(self, scope: str) -> list[Identity]:
        """List the identities of a resource group or subscription, given its ID."""
        prefix = scope.lower().rstrip("/") + "/"
        return [identity for key, identity in self._by_id.items() if key.startswith(prefix)]

    def add(self, identity: Identity) -> None:
        """Keep an identity under its ID."""
        self._by_id[identity.id.lower()] = identity

    def remove(self, arm_id: str) -> Identity | None:
        """Remove an identity and give it, or None if it does not exist."""
        return self._by_id.pop(arm_id.lower(), None)
