"""federatedIdentityCredentials: whom a user-assigned identity lets speak for it.

Shapes by the swagger of 2023-01-31 and its examples; no recording shows them, so codes and texts
of refusals are [inf].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from azure_emulator.entra.assertions import Assertions, Federation
from azure_emulator.errors import AzureError
from azure_emulator.identities.identity import Identity
from azure_emulator.wire import Request, Response, Route

_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
_MOST = 20
"""So many an identity holds (documented limit)."""


class FederatedCredentials:
    """The operations on the federated credentials of an identity; `find` gives the identity of a
    request or raises its 404."""

    def __init__(self, assertions: Assertions, find: Callable[[Request], Identity]) -> None:
        self._assertions = assertions
        self._find = find

    def routes(self, identity: str, api_versions: Sequence[str]) -> Sequence[Route]:
        """List the operations below the path of an identity."""
        every = f"{identity}/federatedIdentityCredentials"
        one = f"{every}/{{credential}}"
        return [
            Route("PUT", one, self._put, f"{_TYPE}/write", api_versions),
            Route("GET", one, self._get, f"{_TYPE}/read", api_versions),
            Route("DELETE", one, self._delete, f"{_TYPE}/delete", api_versions),
            Route("GET", every, self._list, f"{_TYPE}/read", api_versions),
        ]

    def _put(self, request: Request) -> Response:
        identity, name = self._find(request), request.parameters["credential"]
        federation = _read(request.body or {})
        held = identity.credentials
        same = [each for key, each in held.items() if key.lower() != name.lower()]
        if federation in same:
            raise _bad("Issuer and subject combination already exists for this Managed Identity.")
        known = _key(identity, name)
        if known is None and len(held) >= _MOST:
            raise _bad(f"Too many Federated Identity Credentials: {_MOST} are allowed.")
        held[known or name] = federation
        self._tell(identity)
        return Response(200 if known else 201, _body(identity, known or name))

    def _get(self, request: Request) -> Response:
        identity = self._find(request)
        return Response(200, _body(identity, self._named(identity, request)))

    def _delete(self, request: Request) -> Response:
        identity = self._find(request)
        name = _key(identity, request.parameters["credential"])
        if name is None:
            return Response(204)
        del identity.credentials[name]
        self._tell(identity)
        return Response(200)

    def _list(self, request: Request) -> Response:
        identity = self._find(request)
        return Response(200, {"value": [_body(identity, name) for name in identity.credentials]})

    def _named(self, identity: Identity, request: Request) -> str:
        name = _key(identity, request.parameters["credential"])
        if name is None:
            raise AzureError(
                404,
                "NotFound",
                f"The federated identity credential '{request.parameters['credential']}' of "
                f"'{identity.name}' was not found.",
            )
        return name

    def _tell(self, identity: Identity) -> None:
        self._assertions.federations[identity.principal.appid] = list(identity.credentials.values())


def _key(identity: Identity, name: str) -> str | None:
    return next((key for key in identity.credentials if key.lower() == name.lower()), None)


def _body(identity: Identity, name: str) -> dict[str, Any]:
    federation = identity.credentials[name]
    return {
        "id": f"{identity.id}/federatedIdentityCredentials/{name}",
        "name": name,
        "type": _TYPE,
        "properties": {
            "issuer": federation.issuer,
            "subject": federation.subject,
            "audiences": [federation.audience],
        },
    }


def _read(body: Mapping[str, Any]) -> Federation:
    properties = body.get("properties")
    given = properties if isinstance(properties, Mapping) else {}
    audiences = given.get("audiences")
    audience = audiences[0] if isinstance(audiences, list) and len(audiences) == 1 else None
    texts = {"issuer": given.get("issuer"), "subject": given.get("subject"), "audience": audience}
    for name, text in texts.items():
        if not isinstance(text, str) or not text:
            raise _bad(f"The {name} of a federated identity credential must be one text.")
    return Federation(**texts)  # type: ignore[arg-type]


def _bad(text: str) -> AzureError:
    return AzureError(400, "BadRequest", text)
