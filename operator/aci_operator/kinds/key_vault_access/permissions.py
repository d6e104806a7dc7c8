"""Permissions of an access policy as sets, compared as Azure does. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

KINDS = ("secrets", "keys", "certificates")

_SPELLED = {"wrapkey": "wrapKey", "unwrapkey": "unwrapKey"}
"""The words that the swagger's enumeration (2026-02-01) does not write in lower case."""

Permissions = Mapping[str, frozenset[str]]
"""Kind of thing (secrets, keys, certificates) -> permissions in lower case."""


def parse(value: Mapping[str, Any] | None) -> Permissions:
    """Read `{secrets: [...], keys: [...], certificates: [...]}` in any letter case."""
    source = value or {}
    return {kind: frozenset(word.lower() for word in source.get(kind) or ()) for kind in KINDS}


def dump(permissions: Permissions) -> dict[str, list[str]]:
    """Write them as JSON in Azure's own spelling, sorted, without the empty kinds."""
    return {
        kind: [_SPELLED.get(word, word) for word in sorted(permissions[kind])]
        for kind in KINDS
        if permissions[kind]
    }


def union(*many: Permissions) -> Permissions:
    """Give what any of them holds."""
    return {kind: frozenset().union(*(one[kind] for one in many)) for kind in KINDS}


def minus(left: Permissions, right: Permissions) -> Permissions:
    """Give what only the left one holds."""
    return {kind: left[kind] - right[kind] for kind in KINDS}


def common(left: Permissions, right: Permissions) -> Permissions:
    """Give what both hold."""
    return {kind: left[kind] & right[kind] for kind in KINDS}


def uncovered(
    wanted: Permissions, present: Permissions, passing: Permissions | None = None
) -> Permissions:
    """Give what is wanted and not there; `all` covers every permission of its kind.

    An `all` that is `passing`, because an object of ours added it and may take it back, does not.
    """
    lasting = minus(present, passing or parse({}))
    return {
        kind: frozenset() if "all" in lasting[kind] else wanted[kind] - present[kind]
        for kind in KINDS
    }


def words(permissions: Permissions) -> str:
    """Write them for a message: `secrets get, list; keys wrapKey`."""
    listed = dump(permissions).items()
    return "; ".join(f"{kind} {', '.join(spelled)}" for kind, spelled in listed)


def empty(permissions: Permissions) -> bool:
    """Whether nothing is in it."""
    return not any(permissions.values())


def verbatim(permissions: Permissions, entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """Spell the permissions as the stored entry does: remove works only so (azure.md 10.1)."""
    stored = entry.get("permissions") or {}
    spelled = {
        kind: [word for word in stored.get(kind) or () if word.lower() in permissions[kind]]
        for kind in KINDS
    }
    return {kind: words for kind, words in spelled.items() if words}


def entry_of(
    policies: Iterable[Mapping[str, Any]], tenant_id: str, principal_id: str
) -> Mapping[str, Any]:
    """Find a principal's own entry; one with an applicationId is another (azure.md 10.1)."""
    for entry in policies:
        if entry.get("applicationId"):
            continue
        same_tenant = str(entry["tenantId"]).lower() == tenant_id.lower()
        if same_tenant and str(entry["objectId"]).lower() == principal_id.lower():
            return entry
    return {}
