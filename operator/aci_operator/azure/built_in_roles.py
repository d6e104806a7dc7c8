"""Azure's built-in roles, as far as this operator knows them by itself: `built_in_roles.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class BuiltInRole:
    """A role with the GUID that it has in every tenant; `data_actions` may hold `*`."""

    name: str
    guid: str
    data_actions: tuple[str, ...] = ()


@cache
def known() -> tuple[BuiltInRole, ...]:
    """Give the roles of the table."""
    text = resources.files(__package__).joinpath("built_in_roles.json").read_text()
    return parse(json.loads(text)["roles"])


def parse(roles: Iterable[Mapping[str, Any]]) -> tuple[BuiltInRole, ...]:
    """Read `{roleName, name, dataActions}`."""
    return tuple(BuiltInRole(r["roleName"], r["name"], tuple(r["dataActions"])) for r in roles)


def named(name: str) -> BuiltInRole | None:
    """Find a role by Azure's own name, in any letter case."""
    return next((role for role in known() if role.name.lower() == name.lower()), None)


def with_guid(guid: str) -> BuiltInRole | None:
    """Find a role by its GUID."""
    return next((role for role in known() if role.guid.lower() == guid.lower()), None)
