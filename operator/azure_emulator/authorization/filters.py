"""The `$filter` expressions that role lists take."""

from __future__ import annotations

import re
from collections.abc import Callable

from azure_emulator.authorization.assignment import RoleAssignment, covers
from azure_emulator.authorization.definition import RoleDefinition
from azure_emulator.errors import AzureError

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_AT_SCOPE = re.compile(r"atScope\(\)", re.IGNORECASE)
_PRINCIPAL = re.compile(r"(?:principalId\s+eq\s+'([^']*)'|assignedTo\('([^']*)'\))", re.IGNORECASE)
_PROPERTY = re.compile(r"(roleName|type)\s+eq\s+'((?:[^']|'')*)'", re.IGNORECASE)
_BELOW = re.compile(r"atScopeAndBelow\(\)", re.IGNORECASE)


def assignment_filter(
    text: str, scope: str, above: Callable[[str, str], bool] = covers
) -> Callable[[RoleAssignment], bool]:
    """Read a list's filter: `atScope()`, `principalId eq 'g'`, `assignedTo('g')`, also joined by
    `and`.

    Without `atScope()` the list holds what lies at the scope, above and below it. Group
    membership, which `assignedTo` would follow, is not emulated. `above` knows management groups.
    Raises AzureError 400 for
    anything else.
    """
    below, principals = True, []
    for part in _parts(text):
        found = _PRINCIPAL.fullmatch(part)
        if found is not None:
            principals.append((found[1] or found[2] or "").lower())
        elif _AT_SCOPE.fullmatch(part):
            below = False
        else:
            raise _unknown(text)

    def fits(assignment: RoleAssignment) -> bool:
        near = above(assignment.scope, scope) or (below and above(scope, assignment.scope))
        return near and all(assignment.principal_id.lower() == each for each in principals)

    return fits


def definition_filter(text: str, scope: str) -> Callable[[RoleDefinition], bool]:
    """Read a list's filter: `roleName eq 'X'`, `type eq 'BuiltInRole'`, `atScopeAndBelow()`,
    also joined by `and`; values are compared without letter case (recorded).

    A custom role is listed only where it may be assigned. Raises AzureError 400 for anything
    else.
    """
    wanted: dict[str, str] = {}
    for part in _parts(text):
        found = _PROPERTY.fullmatch(part)
        if found is not None:
            wanted[found[1].lower()] = found[2].replace("''", "'").lower()
        elif not _BELOW.fullmatch(part):
            raise _unknown(text)

    def fits(role: RoleDefinition) -> bool:
        return (
            wanted.get("rolename", role.role_name.lower()) == role.role_name.lower()
            and wanted.get("type", role.role_type.lower()) == role.role_type.lower()
            and any(covers(each, scope) for each in role.assignable_scopes)
        )

    return fits


def _parts(text: str) -> list[str]:
    return _AND.split(text.strip()) if text.strip() else []


def _unknown(text: str) -> AzureError:
    return AzureError(400, "InvalidFilter", f"The filter '{text}' is not supported.")
