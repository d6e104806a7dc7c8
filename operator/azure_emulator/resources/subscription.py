"""What a whole subscription, or the tenant, is asked: its resources, its providers, the tenants."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.errors import AzureError
from azure_emulator.pages import page
from azure_emulator.resources.provider import API_VERSIONS
from azure_emulator.wire import Request, Response, Route

_LIST_VERSIONS = ("2015-11-01", "2016-09-01", *API_VERSIONS)
"""Key Vault's own list of vaults still goes by 2015-11-01 (its swagger, Vaults_List)."""
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_EQUALS = re.compile(r"(resourceType|name|location)\s+eq\s+'([^']*)'", re.IGNORECASE)
_PROVIDERS = "Microsoft.Resources/subscriptions/providers/read"


class SubscriptionLists:
    """Resources over all groups, the one tenant, and this cloud's providers with their types."""

    namespace = "Microsoft.Resources"

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def routes(self) -> Sequence[Route]:
        """List the operations."""
        providers = "/subscriptions/{subscription}/providers"
        return [
            Route("GET", "/tenants", self._tenants, None, API_VERSIONS),
            Route(
                "GET",
                "/subscriptions/{subscription}/resources",
                self._resources,
                None,
                _LIST_VERSIONS,
            ),
            Route("GET", providers, self._list_providers, None, API_VERSIONS),
            Route("GET", f"{providers}/{{namespace}}", self._provider, _PROVIDERS, API_VERSIONS),
        ]

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List nothing: the other providers hold the resources."""
        return ()

    def remove_all(self, group_id: str) -> None:
        """Remove nothing."""

    def _tenants(self, request: Request) -> Response:
        tenant = self._cloud.settings.tenant_id
        body = {"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home"}
        return page(request, [body], self._cloud.settings.page_size)

    def _resources(self, request: Request) -> Response:
        """List the resources that the caller may read, over all groups [inf: whose rights]."""
        fits = _resource_filter(request.query.get("$filter", ""))
        allows, oid = self._cloud.authorization.allows, request.caller.oid
        found = [
            resource
            for group in self._cloud.groups.of(request.parameters["subscription"])
            for provider in self._cloud.providers
            for resource in provider.resources_in(group.id)
            if fits(resource) and allows(oid, f"{resource['type']}/read", resource["id"])
        ]
        return page(request, found, self._cloud.settings.page_size)

    def _list_providers(self, request: Request) -> Response:
        names = sorted({provider.namespace for provider in self._cloud.providers})
        bodies = [self._body(request, name) for name in names]
        return page(request, bodies, self._cloud.settings.page_size)

    def _provider(self, request: Request) -> Response:
        asked = request.parameters["namespace"]
        for provider in self._cloud.providers:
            if provider.namespace.lower() == asked.lower():
                return Response(200, self._body(request, provider.namespace))
        raise AzureError(
            404,
            "InvalidResourceNamespace",
            f"The resource namespace '{asked}' is invalid.",
            gateway=True,
        )

    def _body(self, request: Request, namespace: str) -> dict[str, Any]:
        subscription = request.parameters["subscription"]
        return {
            "id": f"/subscriptions/{subscription}/providers/{namespace}",
            "namespace": namespace,
            "resourceTypes": [
                {
                    "resourceType": kind,
                    "locations": list(self._cloud.settings.locations),
                    "apiVersions": sorted(versions, reverse=True),
                }
                for kind, versions in sorted(self._types(namespace).items())
            ],
            "registrationState": "Registered",
        }

    def _types(self, namespace: str) -> dict[str, set[str]]:
        """Give the api-versions of each resource type that the provider has operations for."""
        kinds: dict[str, set[str]] = {}
        kind = re.compile(rf".*/providers/{re.escape(namespace)}/(\w+)", re.IGNORECASE)
        for provider in self._cloud.providers:
            for route in provider.routes():
                found = kind.match(route.template)
                if found is not None:
                    kinds.setdefault(found[1], set()).update(route.api_versions)
        return kinds


def _resource_filter(text: str) -> Callable[[Mapping[str, Any]], bool]:
    """Read `resourceType eq 'X'`, `name` or `location eq 'X'`, also joined by `and`.

    Raises AzureError 400 for anything else.
    """
    wanted: dict[str, str] = {}
    for part in _AND.split(text.strip()) if text.strip() else []:
        found = _EQUALS.fullmatch(part)
        if found is None:
            raise AzureError(
                400,
                "InvalidFilterInQueryString",
                f"Invalid $filter '{text}' specified in the query string.",
                gateway=True,
            )
        name = "type" if found[1].lower() == "resourcetype" else found[1].lower()
        wanted[name] = found[2].lower()
    return lambda resource: all(str(resource.get(n, "")).lower() == v for n, v in wanted.items())
