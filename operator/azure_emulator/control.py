"""The control API: how another process asks and tells the emulator."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from azure_emulator.entra.assertions import EXCHANGE_AUDIENCE, Assertions, Federation
from azure_emulator.errors import AzureError
from azure_emulator.exchange import Incoming, encode, read
from azure_emulator.wire import Response

if TYPE_CHECKING:
    from azure_emulator.emulator import Emulator

_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_Handler = Callable[[Incoming], Response | Awaitable[Response]]


class _Wrong(Exception):
    """A request that makes no sense; the text says why."""


class Control:
    """JSON over plain HTTP on the loopback address.

    A request is refused if its `Host` is another name, or if it writes without saying that it
    sends JSON: so no web page can drive the emulator through a browser.

    GET /calls, POST /calls/forget, GET /state, GET /clock, POST /clock/advance `{seconds}`,
    GET and PUT /settings `{name: value}`, POST /service-principals `{displayName[, secret]}`,
    POST /certificates `{appId, certificate}` (PEM), POST /federated-credentials `{appId, issuer,
    subject[, audience]}`, POST /issuers `{issuer, keys}` (a JSON Web Key Set's),
    POST /role-assignments `{principalId, role, scope}`, POST /faults (fields of `Fault`),
    DELETE /faults, GET /identity-endpoint?containerGroup=ID, GET
    /container-proxy?containerGroup=ID (for `http_proxy`: leads 169.254.169.254 there), GET
    /endpoints.
    """

    def __init__(self, azure: Emulator) -> None:
        self._azure = azure
        self._handlers: dict[tuple[str, str], _Handler] = {
            ("GET", "/calls"): self._calls,
            ("POST", "/calls/forget"): self._forget,
            ("GET", "/state"): lambda _: Response(200, azure.state()),
            ("GET", "/clock"): lambda _: Response(200, {"now": azure.clock.now()}),
            ("POST", "/clock/advance"): self._advance,
            ("GET", "/settings"): lambda _: Response(200, asdict(azure.settings)),
            ("PUT", "/settings"): self._change,
            ("POST", "/service-principals"): self._create_principal,
            ("POST", "/certificates"): self._register_certificate,
            ("POST", "/federated-credentials"): self._federate,
            ("POST", "/issuers"): self._trust_issuer,
            ("POST", "/role-assignments"): self._assign_role,
            ("POST", "/faults"): self._order_fault,
            ("DELETE", "/faults"): self._clear_faults,
            ("GET", "/identity-endpoint"): self._identity_endpoint,
            ("GET", "/container-proxy"): self._container_proxy,
            ("GET", "/endpoints"): lambda _: Response(200, azure.describe()),
        }

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        incoming = await read(request)
        return encode(incoming if isinstance(incoming, Response) else await self._do(incoming))

    async def _do(self, incoming: Incoming) -> Response:
        found = self._handlers.get((incoming.method, incoming.path.rstrip("/")))
        if found is None:
            return _error(404, "there is no such operation")
        if not _trusted(incoming):
            return _error(403, "ask by a loopback address, and write with a JSON content type")
        try:
            response = found(incoming)
            return await response if isinstance(response, Awaitable) else response
        except _Wrong as error:
            return _error(400, str(error))
        except AzureError as error:
            return _error(error.status, error.message)

    def _calls(self, incoming: Incoming) -> Response:
        calls = self._azure.calls
        return Response(
            200, {"total": calls.total, "calls": [call.shown() for call in calls.list()]}
        )

    def _forget(self, incoming: Incoming) -> Response:
        self._azure.calls.forget()
        return Response(204)

    def _advance(self, incoming: Incoming) -> Response:
        seconds = _object(incoming).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise _Wrong("seconds must be a number that is not negative")
        self._azure.clock.advance(seconds)
        return Response(200, {"now": self._azure.clock.now()})

    def _change(self, incoming: Incoming) -> Response:
        try:
            self._azure.settings.change(_object(incoming))
        except ValueError as error:
            raise _Wrong(str(error)) from None
        return Response(200, asdict(self._azure.settings))

    def _create_principal(self, incoming: Incoming) -> Response:
        body = _object(incoming)
        secret = body.get("secret") or secrets.token_urlsafe(24)
        principal = self._azure.create_service_principal(
            _text(body, "displayName"), secret=_text({"secret": secret}, "secret")
        )
        return Response(
            201,
            {
                "appId": principal.appid,
                "objectId": principal.oid,
                "tenantId": self._azure.settings.tenant_id,
                "secret": secret,
            },
        )

    def _register_certificate(self, incoming: Incoming) -> Response:
        body = _object(incoming)
        pem = _text(body, "certificate").encode()
        return self._registered(lambda known: known.add_certificate(self._app(body), pem))

    def _federate(self, incoming: Incoming) -> Response:
        body = {"audience": EXCHANGE_AUDIENCE, **_object(incoming)}
        texts = {name: _text(body, name) for name in ("issuer", "subject", "audience")}
        return self._registered(lambda known: known.federate(self._app(body), Federation(**texts)))

    def _trust_issuer(self, incoming: Incoming) -> Response:
        body = _object(incoming)
        issuer, keys = _text(body, "issuer"), {"keys": body.get("keys")}
        return self._registered(lambda known: known.trust(issuer, keys))

    def _app(self, body: Mapping[str, Any]) -> str:
        appid = _text(body, "appId")
        if self._azure.cloud.directory.find_application(appid) is None:
            raise _Wrong("appId must be an application's that exists")
        return appid

    def _registered(self, register: Callable[[Assertions], None]) -> Response:
        try:
            register(self._azure.cloud.directory.assertions)
        except ValueError as error:
            raise _Wrong(str(error)) from None
        return Response(204)

    def _assign_role(self, incoming: Incoming) -> Response:
        body = _object(incoming)
        oid, role, scope = (_text(body, name) for name in ("principalId", "role", "scope"))
        try:
            return Response(201, {"id": self._azure.assign_role(oid, role, scope)})
        except ValueError as error:
            raise _Wrong(str(error)) from None

    def _order_fault(self, incoming: Incoming) -> Response:
        try:
            self._azure.faults.next(**_object(incoming))
        except (TypeError, ValueError) as error:
            raise _Wrong(str(error)) from None
        return Response(201)

    def _clear_faults(self, incoming: Incoming) -> Response:
        self._azure.faults.clear()
        return Response(204)

    async def _identity_endpoint(self, incoming: Incoming) -> Response:
        group_id = _container_group(incoming)
        try:
            return Response(200, {"url": await self._azure.identity_endpoint(group_id)})
        except ValueError as error:
            raise _Wrong(str(error)) from None

    def _container_proxy(self, incoming: Incoming) -> Response:
        try:
            return Response(200, {"url": self._azure.container_proxy(_container_group(incoming))})
        except (ValueError, RuntimeError) as error:
            raise _Wrong(str(error)) from None


def _container_group(incoming: Incoming) -> str:
    group_id = incoming.query.get("containergroup")
    if not group_id:
        raise _Wrong("containerGroup must be a container group's resource ID")
    return group_id


def _trusted(incoming: Incoming) -> bool:
    if urlsplit(incoming.base_url).hostname not in _HOSTS:
        return False
    kind = incoming.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return incoming.method in ("GET", "DELETE") or kind == "application/json"


def _object(incoming: Incoming) -> Mapping[str, Any]:
    body = incoming.json()
    if not isinstance(body, dict):
        raise _Wrong("the body must be a JSON object")
    return body


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise _Wrong(f"{name} must be a text")
    return value


def _error(status: int, message: str) -> Response:
    return Response(status, {"error": message})
