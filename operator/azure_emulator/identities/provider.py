"""Microsoft.ManagedIdentity (azure.md section 8; recordings cli-container_create_with_msi)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.entra.directory import Principal
from azure_emulator.errors import AzureError
from azure_emulator.identities.federation import FederatedCredentials
from azure_emulator.identities.identity import Identity
from azure_emulator.pages import page
from azure_emulator.resources.members import location_of, tags_of
from azure_emulator.wire import Request, Response, Route

API_VERSIONS = (
    "2015-08-31-preview",
    "2018-11-30",
    "2021-09-30-preview",
    "2022-01-31-preview",
    "2023-01-31",
    "2023-07-31-preview",
    "2024-11-30",
    "2025-05-31-preview",  # what az 2.91 asks for
)
_OLDEST = API_VERSIONS[0]
"""The only version whose user-assigned identities show a clientSecretUrl (section 8)."""
_SECRET_QUERY = (("tid", "tenantId"), ("oid", "principalId"), ("aid", "clientId"))
_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
_NAME = re.compile(r"[A-Za-z0-9][-\w]{2,127}", re.ASCII)


class ManagedIdentity:
    """User-assigned identities, and the system-assigned identity of a resource, read only."""

    namespace = "Microsoft.ManagedIdentity"

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._federated = FederatedCredentials(cloud.directory.assertions, self._get_identity)

    def routes(self) -> Sequence[Route]:
        """List the operations."""
        subscription = "/subscriptions/{subscription}"
        in_group = f"{subscription}/resourceGroups/{{group}}/providers/{_TYPE}"
        one = f"{in_group}/{{name}}"
        system = "{scope...}/providers/Microsoft.ManagedIdentity/identities/default"
        read_system = "Microsoft.ManagedIdentity/identities/read"
        return [
            Route("PUT", one, self._put, f"{_TYPE}/write", API_VERSIONS),
            Route("PATCH", one, self._patch, f"{_TYPE}/write", API_VERSIONS),
            Route("GET", one, self._get, f"{_TYPE}/read", API_VERSIONS),
            Route("DELETE", one, self._delete, f"{_TYPE}/delete", API_VERSIONS),
            Route("GET", in_group, self._list, f"{_TYPE}/read", API_VERSIONS),
            Route(
                "GET",
                f"{subscription}/providers/{_TYPE}",
                self._list,
                f"{_TYPE}/read",
                API_VERSIONS,
            ),
            *self._federated.routes(one, API_VERSIONS[3:]),
            Route("GET", system, self._system, read_system, API_VERSIONS),
        ]

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List a group's identities."""
        return [
            {
                "id": identity.id,
                "name": identity.name,
                "type": _TYPE,
                "location": identity.location,
                "tags": identity.tags,
            }
            for identity in self._cloud.identities.under(group_id)
        ]

    def remove_all(self, group_id: str) -> None:
        """Remove a group's identities and their principals."""
        for identity in self._cloud.identities.under(group_id):
            self._remove(identity)

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the identities by ID."""
        identities = self._cloud.identities
        return {"userAssignedIdentities": {each.id: self._body(each) for each in identities}}

    def _put(self, request: Request) -> Response:
        body = request.body or {}
        location = location_of(body, _TYPE, self._cloud.settings.locations)
        tags = tags_of(body) or {}
        identity = self._find(request)
        if identity is not None:
            _refuse_move(identity, location, request.parameters["group"])
            identity.tags = tags
            _isolate(identity, request.body)
            return Response(200, self._body(identity, request))
        name = request.parameters["name"]
        if not _NAME.fullmatch(name):
            raise AzureError(
                400,
                "InvalidResourceName",
                f"The identity name '{name}' is invalid: 3 to 128 letters, digits, '-' or '_', "
                "starting with a letter or digit.",
            )
        group = self._cloud.groups.get(
            request.parameters["subscription"], request.parameters["group"]
        )
        segment = "resourceGroups"
        if self._cloud.settings.identity_ids_lower_case:
            segment = segment.lower()
        identity = Identity(
            id=f"/subscriptions/{group.subscription}/{segment}/{group.name}/providers/"
            f"{_TYPE}/{name}",
            name=name,
            location=location,
            principal=self._cloud.directory.create_managed_identity(name),
            tags=tags,
        )
        _isolate(identity, request.body)
        self._cloud.identities.add(identity)
        return Response(201, self._body(identity, request), {"Location": identity.id})

    def _patch(self, request: Request) -> Response:
        """Take tags alone: in an update's body `properties` is read-only [spec 2023-01-31]."""
        identity = self._get_identity(request)
        tags = tags_of(request.body or {})
        if tags is not None:
            identity.tags = tags
        return Response(200, self._body(identity, request))

    def _get(self, request: Request) -> Response:
        return Response(200, self._body(self._get_identity(request), request))

    def _delete(self, request: Request) -> Response:
        """Delete; an identity in use is not refused, and its role assignments stay."""
        identity = self._find(request)
        if identity is None:
            return Response(204)
        self._remove(identity)
        return Response(200)

    def _list(self, request: Request) -> Response:
        scope = request.path.lower().partition("/providers/")[0]
        found = [self._body(identity, request) for identity in self._cloud.identities.under(scope)]
        return page(request, found, self._cloud.settings.page_size)

    def _system(self, request: Request) -> Response:
        """Give the system-assigned identity of any resource: the only way to its client ID."""
        scope = request.parameters["scope"]
        groups = self._cloud.container_groups
        identity = None if groups is None else groups.identity_of(scope)
        if identity is None or identity.system is None:
            raise AzureError(
                404,
                "ResourceNotFound",
                f"The resource '{scope}' has no system-assigned identity.",
            )
        properties = self._ids(identity.system)
        properties["clientSecretUrl"] = _secret_url(scope, properties)
        return Response(
            200,
            {
                "id": f"{scope}/providers/Microsoft.ManagedIdentity/identities/default",
                "name": "default",
                "type": "Microsoft.ManagedIdentity/identities",
                "location": self._location_of(scope),
                "properties": properties,
            },
        )

    def _location_of(self, scope: str) -> str:
        group_id = scope.lower().partition("/providers/")[0]
        for provider in self._cloud.providers:
            for resource in provider.resources_in(group_id):
                if str(resource["id"]).lower() == scope.lower():
                    return str(resource["location"])
        return self._cloud.settings.locations[0]

    def _find(self, request: Request) -> Identity | None:
        names = request.parameters
        return self._cloud.identities.find(
            f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}"
            f"/providers/{_TYPE}/{names['name']}"
        )

    def _get_identity(self, request: Request) -> Identity:
        identity = self._find(request)
        if identity is None:
            name, group = request.parameters["name"], request.parameters["group"]
            raise AzureError(
                404,
                "ResourceNotFound",
                f"The Resource '{_TYPE}/{name}' under resource group '{group}' was not found. For "
                "more details please go to https://aka.ms/ARMResourceNotFoundFix",
                gateway=True,
            )
        return identity

    def _remove(self, identity: Identity) -> None:
        self._cloud.identities.remove(identity.id)
        self._cloud.directory.remove(identity.principal.oid)
        self._cloud.authorization.assignments.remove_under(identity.id)

    def _body(self, identity: Identity, request: Request | None = None) -> dict[str, Any]:
        principal = identity.principal
        properties = self._ids(principal)
        if identity.isolation_scope is not None:
            properties["isolationScope"] = identity.isolation_scope
        if request is not None and request.api_version == _OLDEST:
            properties["clientSecretUrl"] = _secret_url(identity.id, properties)
        return {
            "id": identity.id,
            "name": identity.name,
            "type": _TYPE,
            "location": identity.location,
            "tags": identity.tags,
            "properties": properties,
        }

    def _ids(self, principal: Principal) -> dict[str, str]:
        return {
            "tenantId": self._cloud.settings.tenant_id,
            "principalId": principal.oid,
            "clientId": principal.appid,
        }


def _isolate(identity: Identity, body: Any) -> None:
    """Take `properties.isolationScope` where it is given."""
    given = ((body or {}).get("properties") or {}).get("isolationScope")
    if given is None:
        return
    if given not in ("None", "Regional"):
        raise AzureError(400, "BadRequest", "The value of isolationScope is not valid.")
    identity.isolation_scope = given


def _secret_url(arm_id: str, ids: Mapping[str, str]) -> str:
    """Give a URL of the identity service; nothing answers there."""
    query = "&".join(f"{name}={ids[key]}" for name, key in _SECRET_QUERY)
    return f"https://control.identity.azure.net{arm_id}/credentials?{query}"


def _refuse_move(identity: Identity, location: str, group: str) -> None:
    if identity.location != location:
        raise AzureError(
            409,
            "InvalidResourceLocation",
            f"The resource '{identity.name}' already exists in location '{identity.location}' in "
            f"resource group '{group}'. A resource with the same name cannot be created in "
            f"location '{location}'. Please select a new resource name.",
            gateway=True,
        )
