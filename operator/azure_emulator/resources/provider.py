"""Microsoft.Resources: subscriptions and resource groups."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from azure_emulator.authorization.assignment import covers
from azure_emulator.cloud import Cloud
from azure_emulator.errors import AzureError
from azure_emulator.keeping import Kept
from azure_emulator.pages import page
from azure_emulator.resources.group import ResourceGroup
from azure_emulator.resources.members import location_of, tags_of
from azure_emulator.wire import Request, Response, Route

API_VERSIONS = (
    "2018-05-01",
    "2019-05-01",
    "2019-07-01",
    "2019-10-01",
    "2020-06-01",
    "2020-10-01",
    "2021-01-01",
    "2021-04-01",
    "2022-09-01",
    "2022-12-01",
    "2023-07-01",
    "2024-03-01",
    "2024-07-01",
    "2024-11-01",
    "2025-03-01",
    "2025-04-01",
)
_NAME = re.compile(r"[-\w.()]{0,89}[-\w()]", re.ASCII)
_READ = "Microsoft.Resources/subscriptions/resourceGroups/read"
_WRITE = "Microsoft.Resources/subscriptions/resourceGroups/write"
_DELETE = "Microsoft.Resources/subscriptions/resourceGroups/delete"
_RESOURCES = "Microsoft.Resources/subscriptions/resourceGroups/resources/read"
_SUBSCRIPTION = "Microsoft.Resources/subscriptions/read"


class Resources(Kept):
    """Resource groups: created, read, tagged, listed, and deleted with all that is in them."""

    namespace = "Microsoft.Resources"

    KEPT = ("_deletions",)

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._deletions: dict[str, ResourceGroup] = {}

    def routes(self) -> Sequence[Route]:
        """List the operations."""
        groups = "/subscriptions/{subscription}/resourceGroups"
        group = f"{groups}/{{group}}"
        result = "/subscriptions/{subscription}/operationresults/{operation}"
        return [
            Route("GET", "/subscriptions", self._subscriptions, None, API_VERSIONS),
            Route(
                "GET",
                "/subscriptions/{subscription}",
                self._subscription,
                _SUBSCRIPTION,
                API_VERSIONS,
            ),
            Route("GET", groups, self._list, None, API_VERSIONS),
            Route("GET", group, self._get, _READ, API_VERSIONS),
            Route("HEAD", group, self._exists, _READ, API_VERSIONS),
            Route("PUT", group, self._put, _WRITE, API_VERSIONS),
            Route("PATCH", group, self._patch, _WRITE, API_VERSIONS),
            Route("DELETE", group, self._delete, _DELETE, API_VERSIONS),
            Route("GET", f"{group}/resources", self._resources, _RESOURCES, API_VERSIONS),
            Route("GET", result, self._result, None, API_VERSIONS),
        ]

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List nothing: groups do not lie in groups."""
        return ()

    def remove_all(self, group_id: str) -> None:
        """Remove nothing."""

    def holders(self) -> Mapping[str, Kept]:
        """Give what holds the deletions under way."""
        return {"deletions": self}

    def restored(self) -> None:
        """Nothing to make good."""

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the groups by ID."""
        return {"resourceGroups": {group.id: _body(group) for group in self._cloud.groups}}

    def _subscriptions(self, request: Request) -> Response:
        """List those in which the caller has a role at all, anywhere in them."""
        scopes = [
            assignment.scope
            for assignment in self._cloud.authorization.assignments.of(request.caller.oid)
        ]
        known = [
            self._subscription_body(subscription)
            for subscription in self._cloud.settings.subscription_ids
            if any(
                covers(f"/subscriptions/{subscription}", scope)
                or covers(scope, f"/subscriptions/{subscription}")
                for scope in scopes
            )
        ]
        return page(request, known, self._cloud.settings.page_size)

    def _subscription(self, request: Request) -> Response:
        return Response(200, self._subscription_body(request.parameters["subscription"].lower()))

    def _subscription_body(self, subscription: str) -> dict[str, Any]:
        return {
            "id": f"/subscriptions/{subscription}",
            "subscriptionId": subscription,
            "tenantId": self._cloud.settings.tenant_id,
            "displayName": "Emulated",
            "state": "Enabled",
        }

    def _list(self, request: Request) -> Response:
        """List the groups that the caller may read."""
        allows = self._cloud.authorization.allows
        bodies = [
            _body(group)
            for group in self._cloud.groups.of(request.parameters["subscription"])
            if allows(request.caller.oid, _READ, group.id)
        ]
        return page(request, bodies, self._cloud.settings.page_size)

    def _group(self, request: Request) -> ResourceGroup:
        parameters = request.parameters
        return self._cloud.groups.get(parameters["subscription"], parameters["group"])

    def _get(self, request: Request) -> Response:
        return Response(200, _body(self._group(request)))

    def _exists(self, request: Request) -> Response:
        self._group(request)
        return Response(204)

    def _put(self, request: Request) -> Response:
        body = request.body or {}
        location = location_of(body, "ResourceGroup", self._cloud.settings.locations)
        tags = tags_of(body)
        subscription, name = request.parameters["subscription"], request.parameters["group"]
        group = self._cloud.groups.find(subscription, name)
        status = 201 if group is None else 200
        manager = _manager_of(body)
        if group is None:
            group = self._new(subscription, name, location)
            group.managed_by = manager
        _refuse_deleted(group)
        _refuse_manager(group, manager)
        if group.location != location:
            raise AzureError(
                409,
                "InvalidResourceGroupLocation",
                f"Invalid resource group location '{location}'. The Resource group already exists "
                f"in location '{group.location}'.",
                gateway=True,
            )
        group.tags = tags or {}
        self._cloud.groups.put(group)
        return Response(status, _body(group))

    def _new(self, subscription: str, name: str, location: str) -> ResourceGroup:
        if not _NAME.fullmatch(name):
            raise AzureError(
                400,
                "InvalidParameter",
                f"The resource group name '{name}' is invalid: 1 to 90 letters, digits, '-', '_', "
                "'.', '(' or ')', not ending with '.'.",
                gateway=True,
            )
        return ResourceGroup(subscription.lower(), name, location)

    def _patch(self, request: Request) -> Response:
        group = self._group(request)
        _refuse_deleted(group)
        body = request.body or {}
        tags = tags_of(body)
        if "managedBy" in body:
            _refuse_manager(group, _manager_of(body))
        if tags is not None:
            group.tags = tags
        return Response(200, _body(group))

    def _delete(self, request: Request) -> Response:
        """Remove what is in the group at once, and the group itself after a while."""
        group = self._group(request)
        if group.gone_at is None:
            for provider in self._cloud.providers:
                provider.remove_all(group.id)
            self._cloud.authorization.assignments.remove_under(group.id)
            group.gone_at = self._cloud.clock.now() + self._cloud.settings.group_delete_seconds
        operation = uuid.uuid4().hex
        self._deletions[operation] = group
        return self._deleting(request, group, operation)

    def _deleting(self, request: Request, group: ResourceGroup, operation: str) -> Response:
        location = (
            f"{request.base_url}/subscriptions/{group.subscription}/operationresults/{operation}"
            f"?api-version={request.api_version}"
        )
        return Response(202, None, {"Location": location, "Retry-After": "15"})

    def _result(self, request: Request) -> Response:
        operation = request.parameters["operation"]
        group = self._deletions.get(operation)
        if group is None:
            raise AzureError(
                404, "OperationNotFound", f"The operation '{operation}' is not known.", gateway=True
            )
        if self._cloud.clock.now() < (group.gone_at or 0):
            return self._deleting(request, group, operation)
        return Response(200)

    def _resources(self, request: Request) -> Response:
        group = self._group(request)
        found = [
            resource
            for provider in self._cloud.providers
            for resource in provider.resources_in(group.id)
        ]
        return page(request, found, self._cloud.settings.page_size)


def _refuse_deleted(group: ResourceGroup) -> None:
    if group.gone_at is not None:
        raise AzureError(
            409,
            "ResourceGroupBeingDeleted",
            f"The resource group '{group.name}' is in deprovisioning state and cannot perform "
            "this operation.",
            gateway=True,
        )


def _manager_of(body: Mapping[str, Any]) -> str | None:
    """Read who manages the group; AzureError 400 for what is no text [inf]."""
    manager = body.get("managedBy")
    if manager is not None and not isinstance(manager, str):
        raise AzureError(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: 'managedBy' is no "
            "text.",
            gateway=True,
        )
    return manager


def _refuse_manager(group: ResourceGroup, manager: str | None) -> None:
    """Refuse another manager than at creation: 400, also for a PUT that leaves it out.

    Reported in Azure/azure-sdk-for-go issue 18885 and terraform-provider-azurerm issue 15015.
    """
    if manager != group.managed_by:
        raise AzureError(
            400,
            "ResourceGroupManagedByMismatch",
            "The managed by property of the resource group cannot be changed from its current "
            f"value '{'<null>' if group.managed_by is None else group.managed_by}'.",
            gateway=True,
        )


def _body(group: ResourceGroup) -> dict[str, Any]:
    """Give the wire form; `type` is there since 2019 (recordings)."""
    body: dict[str, Any] = {
        "id": group.id,
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
    }
    if group.managed_by:
        body["managedBy"] = group.managed_by
    if group.tags:
        body["tags"] = group.tags
    deleting = group.gone_at is not None
    body["properties"] = {"provisioningState": "Deleting" if deleting else "Succeeded"}
    return body
