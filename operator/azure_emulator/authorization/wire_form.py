"""Role definitions and assignments as ARM writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from azure_emulator.authorization.assignment import RoleAssignment
from azure_emulator.authorization.definition import RoleDefinition

_SUBSCRIPTION = re.compile(r"/subscriptions/[^/]+", re.IGNORECASE)
_SOMEBODY = "00000000-0000-0000-0000-000000000000"
_BUILT_IN_SINCE = "2015-02-02T21:55:09.8806423Z"


def assignment_body(assignment: RoleAssignment, *, first: bool = False) -> dict[str, Any]:
    """Give an assignment; in the answer of its creation `createdBy` is still null (recorded)."""
    created = timestamp(assignment.created_at)
    properties: dict[str, Any] = {
        "roleDefinitionId": assignment.role_definition_id,
        "principalId": assignment.principal_id,
        "principalType": assignment.principal_type,
        "scope": assignment.scope,
        "createdOn": created,
        "updatedOn": created,
        "createdBy": None if first else assignment.created_by,
        "updatedBy": assignment.updated_by,
    }
    for name, value in (
        ("description", assignment.description),
        ("condition", assignment.condition),
        ("conditionVersion", assignment.condition_version),
    ):
        if value is not None:
            properties[name] = value
    return {
        "properties": properties,
        "id": assignment.id,
        "type": "Microsoft.Authorization/roleAssignments",
        "name": assignment.name,
    }


def definition_body(role: RoleDefinition, scope: str) -> dict[str, Any]:
    """Give a role as seen from a scope; only a custom role was made by somebody (recorded)."""
    author = None if role.role_type == "BuiltInRole" else _SOMEBODY
    return {
        "properties": {
            "roleName": role.role_name,
            "type": role.role_type,
            "description": role.description,
            "assignableScopes": list(role.assignable_scopes),
            "permissions": [dict(permission) for permission in role.permissions],
            "createdOn": _BUILT_IN_SINCE,
            "updatedOn": _BUILT_IN_SINCE,
            "createdBy": author,
            "updatedBy": author,
        },
        "id": definition_id(role, scope),
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.name,
    }


def definition_id(role: RoleDefinition, scope: str) -> str:
    """Give a role's resource ID as seen from a scope: it lies in its subscription (recorded)."""
    found = _SUBSCRIPTION.match(scope)
    subscription = found.group() if found else ""
    return f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role.name}"


def timestamp(seconds: float) -> str:
    """Write a time as ARM does, with seven decimals."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
