"""Microsoft Graph v1.0: service principals read, nothing written."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.endpoints import GRAPH_AUDIENCE
from azure_emulator.entra.directory import Principal
from azure_emulator.errors import AzureError
from azure_emulator.exchange import Incoming
from azure_emulator.graph.filters import principal_filter
from azure_emulator.wire import Caller, Response

_VERSIONS = ("v1.0", "beta")
_AT_A_TIME = 1000
"""How many IDs one getByIds may carry."""


class _Refusal(Exception):
    """An answer in Graph's error shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class MicrosoftGraph:
    """The four questions that `az` 2.91 asks (its role module), and their refusals.

    GET `me` is refused, for all callers here are applications; GET `servicePrincipals` with a
    `$filter`, and by object ID; GET `directoryObjects/{id}`; POST `directoryObjects/getByIds`.
    There are no users and no groups: their lists are empty. The shape follows Graph's published
    reference; no recording covers it, and nothing of the operator rests on it.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def answer(self, incoming: Incoming) -> Response:
        """Answer one request."""
        try:
            incoming.oid = self._authenticate(incoming).oid
            return self._handle(incoming)
        except _Refusal as refusal:
            return self._refused(refusal)

    def _authenticate(self, incoming: Incoming) -> Caller:
        token = incoming.bearer()
        if not token:
            raise _Refusal(401, "InvalidAuthenticationToken", "Access token is empty.")
        try:
            audiences = (GRAPH_AUDIENCE, self._cloud.endpoints.graph)
            return self._cloud.directory.verify(token, audiences)
        except AzureError as error:
            text = f"Access token validation failure. {error.message}"
            raise _Refusal(401, "InvalidAuthenticationToken", text) from None

    def _handle(self, incoming: Incoming) -> Response:
        version, *words = incoming.path.strip("/").split("/")
        kind = words[0].lower() if words else ""
        known = version.lower() in _VERSIONS
        if known and incoming.method == "POST" and words == ["directoryObjects", "getByIds"]:
            return self._get_by_ids(incoming)
        if known and incoming.method == "GET":
            found = self._read(incoming, kind, words)
            if found is not None:
                return found
        raise _Refusal(
            400, "BadRequest", f"Resource not found for the segment '{kind}': not emulated."
        )

    def _read(self, incoming: Incoming, kind: str, words: Sequence[str]) -> Response | None:
        if kind == "me":
            raise _Refusal(
                400,
                "BadRequest",
                "/me request is only valid with delegated authentication flow.",
            )
        if len(words) == 1 and kind in ("users", "groups"):
            return self._page(kind, ())
        if len(words) == 1 and kind == "serviceprincipals":
            return self._list(incoming)
        if len(words) == 2 and kind in ("serviceprincipals", "directoryobjects"):
            return self._get(words[1])
        return None

    def _list(self, incoming: Incoming) -> Response:
        text = incoming.query.get("$filter", "")
        fits = principal_filter(text)
        if fits is None:
            raise _Refusal(400, "Request_UnsupportedQuery", f"Unsupported filter: {text}")
        found = [each for each in self._cloud.directory.principals() if fits(each)]
        return self._page("servicePrincipals", found)

    def _get(self, oid: str) -> Response:
        principal = self._cloud.directory.find(oid)
        if principal is None:
            raise _Refusal(
                404,
                "Request_ResourceNotFound",
                f"Resource '{oid}' does not exist or one of its queried reference-property objects "
                "are not present.",
            )
        return Response(
            200, {"@odata.context": _context("servicePrincipals/$entity")} | self._body(principal)
        )

    def _get_by_ids(self, incoming: Incoming) -> Response:
        """Give those that exist; what does not exist is left out without a word."""
        body = _json(incoming)
        ids = body.get("ids")
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise _Refusal(400, "Request_BadRequest", "Property ids is not a list of texts.")
        if len(ids) > _AT_A_TIME:
            raise _Refusal(400, "Request_BadRequest", f"At most {_AT_A_TIME} ids may be given.")
        found = [each for oid in ids if (each := self._cloud.directory.find(oid)) is not None]
        return self._page("directoryObjects", found, typed=True)

    def _page(self, kind: str, found: Iterable[Principal], *, typed: bool = False) -> Response:
        mark = {"@odata.type": "#microsoft.graph.servicePrincipal"} if typed else {}
        bodies = [mark | self._body(each) for each in found]
        return Response(200, {"@odata.context": _context(kind), "value": bodies})

    def _body(self, principal: Principal) -> dict[str, Any]:
        made = datetime.fromtimestamp(principal.created_at, UTC)
        return {
            "id": principal.oid,
            "deletedDateTime": None,
            "accountEnabled": True,
            "appDisplayName": None if principal.managed else principal.display_name,
            "appId": principal.appid,
            "appOwnerOrganizationId": None if principal.managed else self._cloud.settings.tenant_id,
            "createdDateTime": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "displayName": principal.display_name,
            "servicePrincipalNames": [principal.appid],
            "servicePrincipalType": "ManagedIdentity" if principal.managed else "Application",
        }

    def _refused(self, refusal: _Refusal) -> Response:
        now = datetime.fromtimestamp(self._cloud.clock.now(), UTC)
        request_id = str(uuid.uuid4())
        inner = {
            "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
            "request-id": request_id,
            "client-request-id": request_id,
        }
        error = {"code": refusal.code, "message": refusal.message, "innerError": inner}
        return Response(refusal.status, {"error": error})


def _context(kind: str) -> str:
    return f"{GRAPH_AUDIENCE}/v1.0/$metadata#{kind}"


def _json(incoming: Incoming) -> Mapping[str, Any]:
    try:
        body = incoming.json()
    except AzureError:
        body = None
    if not isinstance(body, dict):
        raise _Refusal(400, "BadRequest", "Unable to read JSON request payload.")
    return body
