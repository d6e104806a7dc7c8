"""From permissions to the built-in roles that give them. Pure.

What a permission needs stands in `data_actions.json`, what a role gives in
`azure/built_in_roles.json`. Roles have no smaller unit than themselves: what they give beyond is
said, not hidden.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

from aci_operator.azure import built_in_roles
from aci_operator.azure.built_in_roles import BuiltInRole
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.permissions import Permissions

NEVER = "Key Vault Administrator"
"""Gives everything; no list of permissions is a reason to assign it (azure.md section 10.2)."""
HARMLESS = ("/read", "/readMetadata/action")
"""Ends of actions that show names, metadata and public keys, and no value."""

Actions = Mapping[str, Mapping[str, frozenset[str]]]


class NoRole(Exception):
    """No role of the table covers the words of one kind."""

    def __init__(self, kind: str, words: frozenset[str]) -> None:
        super().__init__(kind)
        self.asked = perms.parse({kind: words})


@cache
def data_actions() -> Actions:
    """Give kind of thing -> permission in lower case -> data actions in lower case."""
    text = resources.files(__package__).joinpath("data_actions.json").read_text()
    table = json.loads(text)["permissions"]
    return {
        kind: {word: frozenset(a.lower() for a in needs) for word, needs in words.items()}
        for kind, words in table.items()
    }


def candidates() -> tuple[BuiltInRole, ...]:
    """Give the roles that may be assigned: those with data actions, but never the Administrator."""
    return tuple(r for r in built_in_roles.known() if r.data_actions and r.name != NEVER)


def covering(
    asked: Permissions, table: Sequence[BuiltInRole] | None = None
) -> tuple[BuiltInRole, ...]:
    """Give the smallest role for each kind of thing, each role once.

    Raises NoRole for the first kind that no role covers.
    """
    roles = candidates() if table is None else table
    found = [_smallest(kind, asked[kind], roles) for kind in perms.KINDS if asked[kind]]
    return tuple(dict.fromkeys(found))


def excess(roles: Sequence[BuiltInRole], asked: Permissions) -> Permissions:
    """Give what the roles allow together beyond what is asked, in the words of access policies."""
    allowed = frozenset().union(*(given(role) for role in roles))
    words = {
        kind: [word for word, needs in known.items() if needs <= allowed]
        for kind, known in data_actions().items()
    }
    return perms.minus(perms.parse(words), asked)


def given(role: BuiltInRole) -> frozenset[str]:
    """Give the known data actions that a role allows."""
    every = _every_action()
    return frozenset(a for a in every if any(fnmatchcase(a, p.lower()) for p in role.data_actions))


def _smallest(kind: str, words: frozenset[str], roles: Sequence[BuiltInRole]) -> BuiltInRole:
    """Choose what shows or changes least beyond, then what holds least, then by name."""
    known = data_actions()[kind]
    if words - known.keys():
        raise NoRole(kind, words)
    needs = frozenset().union(*(known[word] for word in words))
    fitting = [role for role in roles if needs <= given(role)]
    if not fitting:
        raise NoRole(kind, words)
    return min(fitting, key=lambda role: (*_size(given(role) - needs), role.name))


def _size(beyond: frozenset[str]) -> tuple[int, int]:
    harmful = [action for action in beyond if not _harmless(action)]
    return len(harmful), len(beyond)


def _harmless(action: str) -> bool:
    return action.endswith(tuple(end.lower() for end in HARMLESS))


@cache
def _every_action() -> frozenset[str]:
    return frozenset(
        action for words in data_actions().values() for needs in words.values() for action in needs
    )
