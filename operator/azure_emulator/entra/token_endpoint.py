"""Entra's token endpoint, and what describes it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from azure_emulator.cloud import Cloud
from azure_emulator.endpoints import known_audience
from azure_emulator.entra.assertions import KIND, AssertionRefused
from azure_emulator.entra.directory import Principal
from azure_emulator.exchange import Incoming
from azure_emulator.wire import Response

_DEFAULT = "/.default"
_PUBLIC = "https://login.microsoftonline.com"
"""Entra's own address, which an assertion may name when the proxy leads here."""


@dataclass(frozen=True)
class _Refusal(Exception):
    """An answer in the endpoint's error shape; `number` is the AADSTS code."""

    status: int
    error: str
    number: int
    text: str


class TokenEndpoint:
    """`client_credentials` with a client secret or assertion, for both versions of the endpoint.

    `/{tenant}/oauth2/v2.0/token` takes `scope`, `/{tenant}/oauth2/token` takes `resource`. Beside
    it: `.well-known/openid-configuration` and `discovery/keys`. Codes and statuses follow Entra's
    published list (AADSTS numbers); the texts are shortened [inf].
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._answers: dict[tuple[str, str], Callable[[Incoming], Response]] = {
            ("POST", "oauth2/v2.0/token"): lambda incoming: self._token(incoming, version=2),
            ("POST", "oauth2/token"): lambda incoming: self._token(incoming, version=1),
            ("GET", "v2.0/.well-known/openid-configuration"): self._configuration,
            ("GET", ".well-known/openid-configuration"): self._configuration,
            ("GET", "discovery/v2.0/keys"): self._keys,
            ("GET", "discovery/keys"): self._keys,
        }

    def answer(self, incoming: Incoming) -> Response:
        """Answer one request."""
        _, _, below = incoming.path.partition("/")
        tenant, _, operation = below.partition("/")
        found = self._answers.get((incoming.method, operation.lower().rstrip("/")))
        if found is None:
            return Response(404)
        try:
            self._check_tenant(tenant)
            return found(incoming)
        except _Refusal as refusal:
            return self._refused(refusal)

    def _check_tenant(self, tenant: str) -> None:
        if tenant.lower() != self._cloud.settings.tenant_id.lower():
            raise _Refusal(
                400,
                "invalid_request",
                90002,
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID "
                "and are signing into the correct cloud.",
            )

    def _token(self, incoming: Incoming, *, version: int) -> Response:
        form = dict(parse_qsl(incoming.body.decode("utf-8", "replace")))
        _need(form, "grant_type", "client_id", "scope" if version == 2 else "resource")
        if form["grant_type"] != "client_credentials":
            raise _Refusal(
                400,
                "unsupported_grant_type",
                70003,
                "The app requested an unsupported grant type: the emulator has "
                "'client_credentials' only.",
            )
        audience = self._audience(form, version)
        principal = self._authenticate(form, incoming.base_url)
        incoming.oid = principal.oid
        return self._granted(principal, audience, version)

    def _audience(self, form: Mapping[str, str], version: int) -> str:
        if version == 1:
            audience = form["resource"]
        elif not form["scope"].endswith(_DEFAULT):
            raise _Refusal(
                400,
                "invalid_scope",
                1002012,
                f"The provided value for scope {form['scope']} is not valid. Client credential "
                "flows must have a scope value with /.default suffixed to the resource identifier.",
            )
        else:
            audience = form["scope"].removesuffix(_DEFAULT)
        if not known_audience(audience, self._cloud.endpoints):
            raise _Refusal(
                400,
                "invalid_resource",
                500011,
                f"The resource principal named {audience} was not found in the tenant.",
            )
        return audience

    def _authenticate(self, form: Mapping[str, str], base_url: str) -> Principal:
        directory = self._cloud.directory
        principal = directory.find_application(form["client_id"])
        if principal is None:
            raise _Refusal(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{form['client_id']}' was not found in the directory "
                f"'{self._cloud.settings.tenant_id}'.",
            )
        if "client_assertion" in form:
            self._check_assertion(principal, form, base_url)
            return principal
        if "client_secret" not in form:
            raise _Refusal(
                401,
                "invalid_client",
                7000216,
                "'client_assertion', 'client_secret' or 'request' is required for the "
                "'client_credentials' grant type.",
            )
        if not directory.secret_fits(principal, form["client_secret"]):
            raise _Refusal(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is "
                "the client secret value, not the client secret ID, for a secret added to app "
                f"'{principal.appid}'.",
            )
        return principal

    def _check_assertion(
        self, principal: Principal, form: Mapping[str, str], base_url: str
    ) -> None:
        _need(form, "client_assertion_type")
        if form["client_assertion_type"] != KIND:
            raise _Refusal(
                400,
                "invalid_request",
                70002,
                f"The client assertion type '{form['client_assertion_type']}' is not supported.",
            )
        own = self._cloud.endpoints.active_directory
        hosts = {urlsplit(url).netloc for url in (base_url, own, _PUBLIC)}
        assertions = self._cloud.directory.assertions
        try:
            assertions.check(principal.appid, form["client_assertion"], hosts)
        except AssertionRefused as refused:
            raise _Refusal(refused.status, refused.error, refused.number, refused.text) from None

    def _granted(self, principal: Principal, audience: str, version: int) -> Response:
        lifetime = int(self._cloud.settings.token_seconds)
        token = self._cloud.directory.issue(principal, audience, lifetime)
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
        }
        if version == 1:
            now = int(self._cloud.clock.now())
            body |= {"expires_on": now + lifetime, "not_before": now, "resource": audience}
        return Response(200, {**body, "access_token": token}, {"Cache-Control": "no-store"})

    def _configuration(self, incoming: Incoming) -> Response:
        tenant = f"{incoming.base_url}/{self._cloud.settings.tenant_id}"
        return Response(
            200,
            {
                "issuer": self._cloud.directory.tokens.issuer,
                "token_endpoint": f"{tenant}/oauth2/v2.0/token",
                "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
                "jwks_uri": f"{tenant}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["pairwise"],
            },
        )

    def _keys(self, incoming: Incoming) -> Response:
        return Response(200, self._cloud.directory.tokens.keys())

    def _refused(self, refusal: _Refusal) -> Response:
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        now = datetime.fromtimestamp(self._cloud.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        body = {
            "error": refusal.error,
            "error_description": f"AADSTS{refusal.number}: {refusal.text} Trace ID: {trace} "
            f"Correlation ID: {correlation} Timestamp: {now}",
            "error_codes": [refusal.number],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
        }
        return Response(refusal.status, body, {"Cache-Control": "no-store"})


def _need(form: Mapping[str, str], *names: str) -> None:
    for name in names:
        if not form.get(name):
            raise _Refusal(
                400,
                "invalid_request",
                900144,
                f"The request body must contain the following parameter: '{name}'.",
            )
