"""Role assignments, and the index by which rights are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from azure_emulator.keeping import Kept


@dataclass
class RoleAssignment:
    """One role of one principal at one scope; `effective_at` is when it begins to count."""

    name: str
    scope: str
    role: str
    """The role definition's GUID, lower-case."""
    principal_id: str
    principal_type: str
    created_at: float
    effective_at: float
    created_by: str | None
    updated_by: str | None
    role_definition_id: str
    """As it was sent."""
    description: str | None = None
    condition: str | None = None
    condition_version: str | None = None

    @property
    def id(self) -> str:
        """The assignment's resource ID."""
        prefix = "" if self.scope == "/" else self.scope
        return f"{prefix}/providers/Microsoft.Authorization/roleAssignments/{self.name}"


class RoleAssignments(Kept):
    """All assignments of the tenant: a name (GUID) is unique over all scopes (section 7.3)."""

    KEPT = ("_by_name", "_by_principal")

    def __init__(self) -> None:
        self._by_name: dict[str, RoleAssignment] = {}
        self._by_principal: dict[str, dict[str, RoleAssignment]] = {}

    def __iter__(self) -> Iterator[RoleAssignment]:
        return iter(self._by_name.values())

    def add(self, assignment: RoleAssignment) -> None:
        """Add an assignment under its name."""
        name = assignment.name.lower()
        self._by_name[name] = assignment
        self._by_principal.setdefault(assignment.principal_id.lower(), {})[name] = assignment

    def find(self, name: str) -> RoleAssignment | None:
        """Find an assignment by its name, whatever the letter case."""
        return self._by_name.get(name.lower())

    def of(self, principal_id: str) -> list[RoleAssignment]:
        """List the assignments of one principal."""
        return list(self._by_principal.get(principal_id.lower(), {}).values())

    def remove(self, name: str) -> None:
        """Remove an assignment; nothing if it does not exist."""
        assignment = self._by_name.pop(name.lower(), None)
        if assignment is not None:
            self._by_principal[assignment.principal_id.lower()].pop(name.lower(), None)

    def remove_under(self, scope: str) -> None:
        """Remove the assignments at a scope and below: what happens when a resource goes."""
        for assignment in list(self):
            if covers(scope, assignment.scope):
                self.remove(assignment.name)


def covers(scope: str, other: str) -> bool:
    """Say whether a scope is another one or above it, whatever the letter case."""
    upper, lower = scope.lower().rstrip("/"), other.lower().rstrip("/")
    return lower == upper or lower.startswith(upper + "/")
