"""Microsoft.Authorization on the wire (azure.md section 11; recordings cli-role-assignments)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from azure_emulator.authorization.assignment import RoleAssignment
from azure_emulator.authorization.definition import RoleDefinition
from azure_emulator.authorization.filters import assignment_filter, definition_filter
from azure_emulator.authorization.rights import MANAGEMENT_GROUPS
from azure_emulator.authorization.wire_form import assignment_body, definition_body, definition_id
from azure_emulator.cloud import Cloud
from azure_emulator.errors import AzureError
from azure_emulator.pages import page
from azure_emulator.wire import Request, Response, Route

ASSIGNMENT_VERSIONS = (
    "2015-07-01",
    "2018-01-01-preview",
    "2018-09-01-preview",
    "2020-04-01-preview",
    "2020-08-01-preview",
    "2022-04-01",
)
DEFINITION_VERSIONS = ("2015-07-01", "2018-01-01-preview", "2022-04-01", "2022-05-01-preview")
PERMISSION_VERSIONS = ("2015-07-01", "2018-01-01-preview", "2022-04-01")
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
_DEFINITIONS = "Microsoft.Authorization/roleDefinitions"
_PERMISSIONS = "Microsoft.Authorization/permissions"
_PRINCIPAL_TYPES = ("User", "Group", "ServicePrincipal", "ForeignGroup", "Device")


class AuthorizationProvider:
    """Role definitions (read only) and role assignments, at any scope."""

    namespace = "Microsoft.Authorization"

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._assignments = cloud.authorization.assignments
        self._definitions = cloud.authorization.definitions

    def routes(self) -> Sequence[Route]:
        """List the operations."""
        assignments = f"{{scope...}}/providers/{_ASSIGNMENTS}"
        definitions = f"{{scope...}}/providers/{_DEFINITIONS}"
        read_roles, read = f"{_DEFINITIONS}/read", f"{_ASSIGNMENTS}/read"
        write, delete = f"{_ASSIGNMENTS}/write", f"{_ASSIGNMENTS}/delete"
        versions, role_versions = ASSIGNMENT_VERSIONS, DEFINITION_VERSIONS
        permissions = Route(
            "GET",
            f"{{scope...}}/providers/{_PERMISSIONS}",
            self._list_permissions,
            f"{_PERMISSIONS}/read",  # [inf]: no source says whether everybody may ask
            PERMISSION_VERSIONS,
        )
        return [
            permissions,
            Route("GET", definitions, self._list_definitions, read_roles, role_versions),
            Route(
                "GET", f"{definitions}/{{name}}", self._get_definition, read_roles, role_versions
            ),
            Route("GET", assignments, self._list, read, versions),
            Route("GET", f"{assignments}/{{name}}", self._get, read, versions),
            Route("PUT", f"{assignments}/{{name}}", self._put, write, versions),
            Route("DELETE", f"{assignments}/{{name}}", self._delete, delete, versions),
        ]

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List nothing: assignments are no resources of a group."""
        return ()

    def remove_all(self, group_id: str) -> None:
        """Remove nothing: the group's deletion drops its assignments itself."""

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the assignments by ID."""
        return {"roleAssignments": {each.id: assignment_body(each) for each in self._assignments}}

    def _list_definitions(self, request: Request) -> Response:
        scope = request.parameters["scope"]
        fits = definition_filter(request.query.get("$filter", ""), scope)
        found = [definition_body(role, scope) for role in self._definitions if fits(role)]
        return page(request, found, self._cloud.settings.page_size)

    def _get_definition(self, request: Request) -> Response:
        name = request.parameters["name"]
        role = self._definitions.find(name)
        if role is None:
            raise AzureError(
                404,
                "RoleDefinitionDoesNotExist",
                f"The specified role definition with ID '{name}' does not exist.",
            )
        return Response(200, definition_body(role, request.parameters["scope"]))

    def _list_permissions(self, request: Request) -> Response:
        """Give the permissions of each of the caller's roles there and above.

        [inf]: one entry per permission of each role.
        """
        roles = self._cloud.authorization.roles(request.caller.oid, request.parameters["scope"])
        found = [dict(permission) for role in roles for permission in role.permissions]
        return page(request, found, self._cloud.settings.page_size)

    def _list(self, request: Request) -> Response:
        asked, scope = request.query.get("$filter", ""), request.parameters["scope"]
        fits = assignment_filter(asked, scope, self._cloud.authorization.above)
        found = [assignment_body(each) for each in self._assignments if fits(each)]
        return page(request, found, self._cloud.settings.page_size)

    def _find(self, request: Request) -> RoleAssignment | None:
        found = self._assignments.find(request.parameters["name"])
        scope = request.parameters["scope"]
        return found if found is not None and found.scope.lower() == scope.lower() else None

    def _get(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            raise AzureError(
                404,
                "RoleAssignmentNotFound",
                f"The role assignment '{request.parameters['name']}' is not found.",
            )
        return Response(200, assignment_body(found))

    def _delete(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return Response(204)
        self._assignments.remove(found.name)
        return Response(200, assignment_body(found))

    def _put(self, request: Request) -> Response:
        wanted = self._wanted(request)
        existing = self._assignments.find(wanted.name)
        if existing is not None:
            return self._update(existing, wanted)
        if any(_same(each, wanted) for each in self._assignments.of(wanted.principal_id)):
            raise AzureError(409, "RoleAssignmentExists", "The role assignment already exists.")
        self._assignments.add(wanted)
        return Response(201, assignment_body(wanted, first=True))

    def _update(self, existing: RoleAssignment, wanted: RoleAssignment) -> Response:
        if not _same(existing, wanted):
            raise AzureError(
                400,
                "RoleAssignmentUpdateNotPermitted",
                "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
            )
        existing.description = wanted.description
        existing.condition = wanted.condition
        existing.condition_version = wanted.condition_version
        existing.updated_by = wanted.updated_by
        return Response(200, assignment_body(existing))

    def _wanted(self, request: Request) -> RoleAssignment:
        """Read the body.

        Raises AzureError 400: no properties, a name that is no GUID, an unknown role, or an
        unknown principal (then the text prints its ID without dashes, section 7.3).
        """
        properties = _properties(request.body)
        name, scope = request.parameters["name"], request.parameters["scope"]
        _check_name(name)
        role = self._role(properties["roleDefinitionId"])
        self._check_principal(properties)
        now, oid = self._cloud.clock.now(), request.caller.oid
        return RoleAssignment(
            name=name,
            scope=scope,
            role=role.name.lower(),
            principal_id=properties["principalId"],
            principal_type=properties.get("principalType") or "ServicePrincipal",
            created_at=now,
            effective_at=now + self._delay(role, scope),
            created_by=oid,
            updated_by=oid,
            role_definition_id=definition_id(role, scope),
            description=properties.get("description"),
            condition=properties.get("condition"),
            condition_version=properties.get("conditionVersion"),
        )

    def _delay(self, role: RoleDefinition, scope: str) -> float:
        """Give the seconds until an assignment counts (knob 8; section 9 for management groups)."""
        settings = self._cloud.settings
        slow = any(permission.get("dataActions") for permission in role.permissions)
        high = scope.lower().startswith(MANAGEMENT_GROUPS.lower())
        return settings.role_delay + (settings.management_group_delay if slow and high else 0)

    def _role(self, role_definition_id: str) -> RoleDefinition:
        role = self._definitions.find(role_definition_id)
        if role is None:
            guid = role_definition_id.rpartition("/")[2]
            raise AzureError(
                400,
                "RoleDefinitionDoesNotExist",
                f"The specified role definition with ID '{guid}' does not exist.",
            )
        return role

    def _check_principal(self, properties: Mapping[str, Any]) -> None:
        """Refuse a principal that is unknown, or too new (knob 7), unless its type is told."""
        principal_type = properties.get("principalType")
        if principal_type:
            if principal_type not in _PRINCIPAL_TYPES:
                raise _invalid(f"The principal type '{principal_type}' is not known.")
            return
        oid = properties["principalId"]
        principal = self._cloud.directory.find(oid)
        delay = self._cloud.settings.principal_delay
        if principal is None or self._cloud.clock.now() < principal.created_at + delay:
            raise AzureError(
                400,
                "PrincipalNotFound",
                f"Principal {re.sub('-', '', oid)} does not exist in the directory "
                f"{self._cloud.settings.tenant_id}. Check that you have the correct principal ID. "
                "If you are creating this principal and then immediately assigning a role, this "
                "error might be related to a replication delay. In this case, set the role "
                "assignment principalType property to a value, such as ServicePrincipal, User, or "
                "Group. See https://aka.ms/docs-principaltype",
            )


def _same(one: RoleAssignment, other: RoleAssignment) -> bool:
    return (one.scope.lower(), one.role, one.principal_id.lower()) == (
        other.scope.lower(),
        other.role,
        other.principal_id.lower(),
    )


def _properties(body: Any) -> Mapping[str, Any]:
    properties = (body or {}).get("properties")
    if not isinstance(properties, dict):
        raise _invalid("The role assignment has no properties.")
    for name in ("roleDefinitionId", "principalId"):
        if not isinstance(properties.get(name), str) or not properties[name]:
            raise _invalid(f"The property '{name}' is required.")
    return properties


def _check_name(name: str) -> None:
    try:
        uuid.UUID(name)
    except ValueError:
        raise AzureError(
            400,
            "InvalidRoleAssignmentId",
            f"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.",
        ) from None


def _invalid(message: str) -> AzureError:
    return AzureError(400, "InvalidRequestContent", message)
