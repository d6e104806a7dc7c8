"""What a ClusterAzureAccount lends: to whom, where, and by which roles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FREE_TEXT = frozenset(
    {"tags", "command", "environmentVariables", "exec", "httpHeaders", "contentType"}
    | {"keyValuePairs", "metadata", "description", "condition"}
    | {"roleDefinitionId"}
)
"""Parts of a body that hold the user's own text, which Azure never takes for an ARM ID; and the ID
of a role, which `allow_role` speaks of."""
WRITE_ONLY = frozenset(
    {"password", "storageAccountKey", "workspaceKey", "protectedSettings", "secret"}
)
"""Parts of a body that hold secrets: what they say must stand in no message."""
SHOWN = 5
"""How many entries of a list a message names."""


@dataclass(frozen=True)
class Limits:
    """The three lists of a ClusterAzureAccount; an empty list allows nothing.

    `scopes` are ARM IDs, `roles` the names or GUIDs of roles.
    """

    namespaces: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    @classmethod
    def parse(cls, spec: Mapping[str, Any]) -> Limits:
        """Read them from the spec of a ClusterAzureAccount."""
        return cls(
            tuple(spec.get("allowedNamespaces") or ()),
            tuple(spec.get("allowedScopes") or ()),
            tuple(spec.get("allowedRoles") or ()),
        )

    def lend_to(self, namespace: str) -> bool:
        """Whether objects of that namespace may act with the account."""
        return namespace in self.namespaces

    def cover(self, arm_id: str) -> bool:
        """Whether an ARM ID is one of the scopes or lies below one."""
        return any(within(arm_id, scope) for scope in self.scopes)

    def allow_role(self, guid: str, name: str) -> bool:
        """Whether a role is listed, by its GUID or its name, in any letter case.

        `name` must be Azure's own for that GUID: a custom role may bear any name.
        """
        listed = {role.lower() for role in self.roles}
        return guid.lower() in listed or name.lower() in listed

    def may_allow_role(self, name: str) -> bool:
        """Whether a role of that name may turn out to be listed, by its name or its GUID."""
        return any(role.lower() == name.lower() or _GUID.fullmatch(role) for role in self.roles)


def within(arm_id: str, scope: str) -> bool:
    """Whether an ARM ID is the scope or lies below it: by whole segments, in any letter case.

    An ID with an empty or relative segment lies nowhere: nobody can say what Azure makes of it.
    """
    inner, outer = _segments(arm_id), _segments(scope)
    if not outer or any(segment in ("", ".", "..") for segment in (*inner, *outer)):
        return False
    return inner[: len(outer)] == outer


def arm_ids(body: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk the ARM IDs of a resource's body with their paths: values and keys of maps.

    Left out are tags, commands, variables and the like, which are the user's own text, and what
    holds secrets.
    """
    if isinstance(body, Mapping):
        for name, value in body.items():
            if _is_arm_id(name):
                yield path, name
            if name not in _FREE_TEXT | WRITE_ONLY:
                yield from arm_ids(value, f"{path}.{name}" if path else str(name))
    elif isinstance(body, list | tuple):
        for place, value in enumerate(body):
            yield from arm_ids(value, f"{path}[{place}]")
    elif _is_arm_id(body):
        yield path, body


def shown(entries: Sequence[str]) -> str:
    """Write a list for a message: its first entries, or `nothing`."""
    more = f" and {len(entries) - SHOWN} more" if len(entries) > SHOWN else ""
    return (", ".join(entries[:SHOWN]) or "nothing") + more


def _segments(arm_id: str) -> list[str]:
    text = arm_id.lower().removesuffix("/")
    return text.split("/")[1:] if text.startswith("/") else []


def _is_arm_id(value: Any) -> bool:
    return isinstance(value, str) and value.lower().startswith(("/subscriptions/", "/providers/"))
