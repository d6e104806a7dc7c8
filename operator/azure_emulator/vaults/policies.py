"""Access policies: how `accessPolicies/{add|replace|remove}` change a vault's list.

An entry is what ARM sends: `{"tenantId", "objectId"[, "applicationId"], "permissions": {"keys",
"secrets", "certificates", "storage"}}`. Permissions are stored and echoed as sent; their meaning
has no letter case. Source: azure.md section 10.1. Functions here are pure: they give new lists.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from azure_emulator.vaults import refusals

Policy = Mapping[str, Any]

LIMIT = 1024
"""Entries per vault (azure.md section 9)."""

KINDS = ("keys", "secrets", "certificates", "storage")


def principal(policy: Policy) -> tuple[str, str, str]:
    """Give what makes an entry: tenant, object and application ID, in lower case.

    The same object with another application is a separate entry (azure.md section 10.1).
    """
    return (
        str(policy.get("tenantId", "")).lower(),
        str(policy.get("objectId", "")).lower(),
        str(policy.get("applicationId") or "").lower(),
    )


def add(stored: Sequence[Policy], given: Sequence[Policy]) -> list[Policy]:
    """Unite: the listed permissions are added to the principal's; no entry yet, a new one."""
    return _per_principal(stored, given, _united)


def replace(stored: Sequence[Policy], given: Sequence[Policy]) -> list[Policy]:
    """Give the listed principals exactly the listed permissions; leave the others alone."""
    return _per_principal(stored, given, lambda _, entry: copy.deepcopy(dict(entry)))


def remove(stored: Sequence[Policy], given: Sequence[Policy]) -> list[Policy]:
    """Subtract the listed permissions, compared in the stored letter case.

    An entry goes only when nothing is left in it, so a client that lists them in another letter
    case, or not all of them, leaves the entry there (azure.md section 10.1).
    """
    result = [copy.deepcopy(dict(entry)) for entry in stored]
    for entry in given:
        for kept in result:
            if principal(kept) == principal(entry):
                kept["permissions"] = _subtracted(kept["permissions"], entry["permissions"])
    touched = {principal(entry) for entry in given}
    return [entry for entry in result if principal(entry) not in touched or _holds_any(entry)]


def check(policies: Any, tenant_id: str) -> None:
    """Refuse a list that Azure would not store: AzureError 400 BadRequest.

    objectId is not looked up in the directory: a typing error is accepted (azure.md 10.1).
    """
    if not isinstance(policies, list):
        raise refusals.bad_value("accessPolicies")
    for entry in policies:
        if not _is_policy(entry) or str(entry["tenantId"]).lower() != tenant_id.lower():
            raise refusals.bad_value("accessPolicies")
    check_count(policies)


def check_count(policies: Sequence[Policy]) -> None:
    """Refuse more than 1,024 entries."""
    if len(policies) > LIMIT:
        raise refusals.too_many_policies()


def allow(policies: Sequence[Policy], oid: str, permission: str) -> bool:
    """Say whether a principal may do something with secrets, for example `get`.

    Entries with an applicationId are for on-behalf-of tokens, which the emulator does not issue.
    """
    wanted = {permission.lower(), "all"}
    for entry in policies:
        if str(entry["objectId"]).lower() != oid.lower() or entry.get("applicationId"):
            continue
        held = {str(word).lower() for word in entry["permissions"].get("secrets") or ()}
        if held & wanted:
            return True
    return False


def _per_principal(stored: Sequence[Policy], given: Sequence[Policy], change: Any) -> list[Policy]:
    result = {principal(entry): dict(copy.deepcopy(entry)) for entry in stored}
    for entry in given:
        result[principal(entry)] = change(result.get(principal(entry)), entry)
    return list(result.values())


def _united(stored: Policy | None, given: Policy) -> dict[str, Any]:
    if stored is None:
        return copy.deepcopy(dict(given))
    permissions = {kind: list(words or ()) for kind, words in stored["permissions"].items()}
    for kind, words in given["permissions"].items():
        held = permissions.setdefault(kind, [])
        known = {word.lower() for word in held}
        held.extend(word for word in words or () if word.lower() not in known)
    return {**stored, "permissions": permissions}


def _subtracted(stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        kind: [word for word in words or () if word not in (given.get(kind) or ())]
        for kind, words in stored.items()
    }


def _holds_any(policy: Policy) -> bool:
    return any(policy["permissions"].values())


def _is_policy(entry: Any) -> bool:
    if not isinstance(entry, dict) or not entry.get("objectId") or not entry.get("tenantId"):
        return False
    permissions = entry.get("permissions")
    if not isinstance(permissions, dict):
        return False
    return all(kind in KINDS and _is_word_list(words) for kind, words in permissions.items())


def _is_word_list(words: Any) -> bool:
    return words is None or (
        isinstance(words, list) and all(isinstance(word, str) for word in words)
    )
