"""Role definitions: the built-in ones and those given at the start."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class RoleDefinition:
    """A role: `name` is its GUID; permissions are as ARM has them."""

    name: str
    role_name: str
    description: str
    role_type: str
    permissions: tuple[Mapping[str, Sequence[str]], ...]
    assignable_scopes: tuple[str, ...]

    def allows(self, action: str, *, data: bool = False) -> bool:
        """Say whether an action is among the role's actions and not among its exceptions.

        A permission's exceptions narrow that permission only; the letter case does not matter.
        """
        granted, excepted = ("dataActions", "notDataActions") if data else ("actions", "notActions")
        return any(
            _fits(permission.get(granted, ()), action)
            and not _fits(permission.get(excepted, ()), action)
            for permission in self.permissions
        )


class RoleDefinitions:
    """All role definitions of the tenant, by GUID."""

    def __init__(self, custom: Sequence[Mapping[str, Any]] = ()) -> None:
        built_in = json.loads(resources.files(__package__).joinpath("roles.json").read_text())
        roles = [_definition(role, "BuiltInRole") for role in built_in["roles"]]
        roles += [_definition(role, "CustomRole") for role in custom]
        self._by_name = {role.name.lower(): role for role in roles}

    def __iter__(self) -> Iterator[RoleDefinition]:
        return iter(self._by_name.values())

    def find(self, name: str) -> RoleDefinition | None:
        """Find a role by its GUID or by a resource ID that ends with it."""
        return self._by_name.get(name.rpartition("/")[2].lower())

    def named(self, role_name: str) -> RoleDefinition | None:
        """Find a role by its display name, whatever the letter case."""
        wanted = role_name.lower()
        return next((role for role in self if role.role_name.lower() == wanted), None)


def _definition(role: Mapping[str, Any], role_type: str) -> RoleDefinition:
    return RoleDefinition(
        name=role["name"],
        role_name=role["roleName"],
        description=role.get("description", ""),
        role_type=role.get("roleType", role_type),
        permissions=tuple(role["permissions"]),
        assignable_scopes=tuple(role.get("assignableScopes", ["/"])),
    )


def _fits(patterns: Sequence[str], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    """Read `*` as anything, and between two slashes as nothing at all too.

    Managed Identity Operator has `userAssignedIdentities/*/assign/action`, and by it one may do
    `userAssignedIdentities/assign/action` (azure.md section 2).
    """
    literal = re.escape(pattern).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*")
    return re.compile(literal, re.IGNORECASE | re.DOTALL)
