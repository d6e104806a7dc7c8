"""Azure Resource Manager: from an HTTP request to a provider's handler and back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable

from azure_emulator import gates
from azure_emulator.cloud import Cloud
from azure_emulator.disguise import disguised
from azure_emulator.endpoints import metadata
from azure_emulator.errors import AzureError
from azure_emulator.exchange import Incoming
from azure_emulator.routing import Match, Router
from azure_emulator.throttle import Kind, Throttle
from azure_emulator.wire import Caller, Request, Response, Route

_IN_SUBSCRIPTION = re.compile(
    r"/subscriptions/([^/]+)(?:/resourcegroups/([^/]+)(/providers/)?)?", re.IGNORECASE
)
_NAMESPACE = re.compile(r".*/providers/([^/]+)(?:/([^/]+))?", re.IGNORECASE)
_KINDS: dict[str, Kind] = {
    "PUT": "writes",
    "PATCH": "writes",
    "POST": "writes",
    "DELETE": "deletes",
}
_LEFT = {"reads": 1099, "writes": 799, "deletes": 799}
"""What a caller has left after one call; a subscription has 15 times that (section 9)."""


class ResourceManager:
    """The front that all providers share: tokens, versions, rights, existence, headers."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        routes = [route for provider in cloud.providers for route in provider.routes()]
        self._router = Router(routes)
        self._namespaces = {provider.namespace.lower() for provider in cloud.providers}
        self._throttle = Throttle(cloud.settings, cloud.clock)
        self._count = 0

    async def answer(self, incoming: Incoming) -> Response:
        """Answer one request, errors too: ARM's own (azure.md section 7.2) or the provider's."""
        try:
            response = await self._handle(incoming)
        except AzureError as error:
            response = Response(error.status, error.body(), error.headers)
        return self._finish(incoming, response)

    async def _handle(self, incoming: Incoming) -> Response:
        if incoming.path.rstrip("/") == "/metadata/endpoints":
            return Response(200, metadata(self._cloud.endpoints.seen_at(incoming.base_url)))
        caller = self._authenticate(incoming)
        self._throttle.spend(_place(incoming), caller.oid, _kind(incoming))
        version = incoming.query.get("api-version")
        if not version:
            raise _gateway(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
        gates.check(self._cloud.settings, incoming.method, incoming.path)
        match = self._router.find(incoming.path)
        if match is None:
            raise self._unknown_path(incoming.path, version)
        route = _operation(match, incoming.method, version)
        self._check(match, route, caller)
        outcome = route.handler(_request(incoming, match, caller))
        return await outcome if isinstance(outcome, Awaitable) else outcome

    def _authenticate(self, incoming: Incoming) -> Caller:
        token = incoming.bearer()
        try:
            if not token:
                raise _gateway(
                    401,
                    "AuthenticationFailed",
                    "Authentication failed. The 'Authorization' header is missing.",
                )
            caller = self._cloud.directory.verify(token, self._cloud.endpoints.audiences())
        except AzureError as error:
            entra = self._cloud.endpoints.seen_at(incoming.base_url).active_directory
            authority = f"{entra}/{self._cloud.settings.tenant_id}"
            error.headers["WWW-Authenticate"] = (
                f'Bearer authorization_uri="{authority}", error="invalid_token", '
                f'error_description="{error.message}"'
            )
            raise
        incoming.oid = caller.oid
        return caller

    def _check(self, match: Match, route: Route, caller: Caller) -> None:
        """Check the caller's right and that the resource group is there, in ARM's order."""
        place = _IN_SUBSCRIPTION.match(match.scope)
        if place is not None:
            self._cloud.groups.of(place[1])
        if route.action is not None:
            self._cloud.authorization.require(caller, route.action, match.scope)
        if place is None or place[2] is None:
            return
        inside = place[3] is not None or route.template.lower().startswith(_IN_GROUP)
        if inside:
            group = self._cloud.groups.get(place[1], place[2])
            if group.gone_at is not None and route.method == "PUT":
                raise _gateway(
                    409,
                    "ResourceGroupBeingDeleted",
                    f"The resource group '{group.name}' is in deprovisioning state and cannot "
                    "perform this operation.",
                )

    def _unknown_path(self, path: str, version: str) -> AzureError:
        found = _NAMESPACE.match(path)
        if found is None:
            return _gateway(404, "NotFound", "The requested path is not known.")
        namespace, kind = found[1], found[2] or ""
        if namespace.lower() not in self._namespaces:
            return _gateway(
                404,
                "InvalidResourceNamespace",
                f"The resource namespace '{namespace}' is invalid.",
            )
        return _gateway(
            404,
            "InvalidResourceType",
            f"The resource type '{kind}' could not be found in the namespace '{namespace}' for api "
            f"version '{version}'.",
        )

    def _limits(self, incoming: Incoming) -> dict[str, str]:
        """Say what is left: of the buckets, or without them (knob 10) a count down for show."""
        kind = _kind(incoming)
        left = self._throttle.left(_place(incoming), incoming.oid, kind)
        if left is None:
            used, most = self._count % 100, _LEFT[kind]
            left = (most - used, (most + 1) * 15 - 1 - used)
        return {f"{_RATE}-{kind}": str(left[0]), f"{_RATE}-global-{kind}": str(left[1])}

    def _finish(self, incoming: Incoming, response: Response) -> Response:
        self._count += 1
        request_id = str(uuid.uuid4())
        headers = {
            "Cache-Control": "no-cache",
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": request_id,
        }
        if "x-ms-failure-cause" not in response.headers:
            headers.update(self._limits(incoming))
        headers.update(response.headers)
        body = disguised(response.body, self._cloud.settings)
        return Response(response.status, body, headers)


def _kind(incoming: Incoming) -> Kind:
    return _KINDS.get(incoming.method, "reads")


def _place(incoming: Incoming) -> str:
    found = _IN_SUBSCRIPTION.match(incoming.path)
    return found[1] if found else ""


_RATE = "x-ms-ratelimit-remaining-subscription"
_IN_GROUP = ("/subscriptions/{subscription}/resourcegroups/{group}/providers/", "{scope")


def _operation(match: Match, method: str, version: str) -> Route:
    route = match.methods.get(method)
    if route is None and method == "HEAD":
        route = match.methods.get("GET")
    if route is None:
        raise _gateway(
            405,
            "MethodNotAllowed",
            f"The requested resource does not support http method '{method}'.",
        )
    if version.lower() not in route.api_versions:
        raise _unknown_version(route, version)
    return route


def _unknown_version(route: Route, version: str) -> AzureError:
    known = ", ".join(route.api_versions)
    found = _NAMESPACE.match(route.template)
    if found is None:
        return _gateway(
            400,
            "InvalidApiVersionParameter",
            f"The api-version '{version}' is invalid. The supported versions are '{known}'.",
        )
    return _gateway(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for API version '{version}' for type "
        f"'{found[2]}' in the namespace '{found[1]}'. The supported api-versions are '{known}'.",
    )


def _request(incoming: Incoming, match: Match, caller: Caller) -> Request:
    body = incoming.json()
    if body is not None and not isinstance(body, dict):
        raise _gateway(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: it is not an object.",
        )
    return Request(
        method=incoming.method,
        path=incoming.path,
        parameters=match.parameters,
        query=incoming.query,
        headers=incoming.headers,
        body=body,
        caller=caller,
        base_url=incoming.base_url,
    )


def _gateway(status: int, code: str, message: str) -> AzureError:
    return AzureError(status, code, message, gateway=True)
