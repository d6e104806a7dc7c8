"""Answers of the identity endpoint inside a container group."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.endpoints import known_audience
from azure_emulator.entra.directory import Principal
from azure_emulator.exchange import Incoming, Unreachable
from azure_emulator.identities.instance_metadata import InstanceIdentity
from azure_emulator.listeners import HOST
from azure_emulator.wire import Response

PATH = "/metadata/identity/oauth2/token"
WINDOWS_PATH = "/identity/token"
"""Of IDENTITY_ENDPOINT, which a program takes from the variable; the service's own is not known."""
_CONTAINER_GROUP = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerInstance/"
    r"containerGroups/[^/]+",
    re.IGNORECASE,
)
_SELECTORS = ("client_id", "object_id", "msi_res_id", "mi_res_id")
_WINDOWS_SELECTOR = "principalid"
_MANY = (
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the "
    "identity in the token request"
)


class _Refused(Exception):
    """A refusal in the endpoint's own shape."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.response = Response(status, {"error": error, "error_description": description})


class IdentityEndpoints:
    """One plain-HTTP listener per container group, opened when somebody asks for it."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._ports: dict[str, int] = {}
        self._headers: dict[str, str] = {}

    def url(self, group_id: str) -> str:
        """Give the base URL of a group's endpoint.

        Raises RuntimeError if container groups are not emulated, ValueError for an ID of
        something else.
        """
        if self._cloud.container_groups is None:
            raise RuntimeError("container groups are not emulated here")
        if not _CONTAINER_GROUP.fullmatch(group_id):
            raise ValueError(f"{group_id} is no container group's resource ID")
        key = group_id.lower()
        if key not in self._ports:
            self._ports[key] = self._cloud.listeners.open(
                lambda incoming: self._answer(incoming, group_id), surface="identity", tls=False
            )
        return f"http://{HOST}:{self._ports[key]}"

    def variables(self, group_id: str) -> dict[str, str]:
        """Give the environment variables that containers of a group get for their identity:
        IDENTITY_ENDPOINT and IDENTITY_HEADER on Windows, none on Linux or without identity."""
        groups = self._cloud.container_groups
        instance = None if groups is None else groups.identity_of(group_id)
        if instance is None or not instance.windows or not (instance.system or instance.user):
            return {}
        return {
            "IDENTITY_ENDPOINT": self.url(group_id) + WINDOWS_PATH,
            "IDENTITY_HEADER": self._header(group_id),
        }

    def _header(self, group_id: str) -> str:
        return self._headers.setdefault(group_id.lower(), secrets.token_hex(16))

    def _answer(self, incoming: Incoming, group_id: str) -> Response:
        instance = self._instance(group_id)
        windows = instance.windows
        if windows and (instance.in_subnet or incoming.path.rstrip("/") == PATH):
            raise Unreachable  # no 169.254.169.254 there, and nothing at all in a subnet
        try:
            if windows:
                _check_windows(incoming, self._header(group_id))
            else:
                _check(incoming)
            resource = incoming.query["resource"]
            if not known_audience(resource, self._cloud.endpoints):
                raise _Refused(
                    400,
                    "invalid_resource",
                    f"AADSTS50001: The application named {resource} was not found in the tenant.",
                )
            principal = _select(instance, _windows(incoming.query) if windows else incoming.query)
        except _Refused as refusal:
            return refusal.response
        incoming.oid = principal.oid
        return Response(200, self._token(principal, resource))

    def _instance(self, group_id: str) -> InstanceIdentity:
        """Find out who could be asking; nobody is a connection that leads nowhere (section 13:
        unreachable is a connect time-out, not an HTTP code)."""
        groups = self._cloud.container_groups
        instance = None if groups is None else groups.identity_of(group_id)
        if instance is None or not instance.running:
            raise Unreachable
        if instance.updated and self._cloud.settings.update_breaks_identity_endpoint:
            raise Unreachable
        ready_at = instance.started_at + self._cloud.settings.identity_endpoint_delay
        if self._cloud.clock.now() < ready_at:
            raise Unreachable
        return instance

    def _token(self, principal: Principal, resource: str) -> dict[str, Any]:
        """Give the answer to a token request: all numbers are strings."""
        lifetime = int(self._cloud.settings.instance_token_seconds)
        now = int(self._cloud.clock.now())
        return {
            "access_token": self._cloud.directory.issue(principal, resource, lifetime),
            "client_id": principal.appid,
            "expires_in": str(lifetime - 1),
            "expires_on": str(now + lifetime),
            "ext_expires_in": str(lifetime - 1),
            "not_before": str(now),
            "refresh_token": "",
            "resource": resource.rstrip("/") + "/",
            "token_type": "Bearer",
        }


def _check(incoming: Incoming) -> None:
    if incoming.path.rstrip("/") != PATH:
        raise _Refused(404, "not_found", "The requested path is not known.")
    if incoming.method != "GET":
        raise _Refused(405, "method_not_allowed", "Only GET is answered.")
    if incoming.headers.get("Metadata") != "true":
        raise _Refused(400, "bad_request_102", "Required metadata header not specified")
    for name in ("api-version", "resource"):
        if not incoming.query.get(name):
            raise _Refused(400, "invalid_request", f"Required query variable '{name}' is missing")


def _check_windows(incoming: Incoming, header: str) -> None:
    """Check a request for a token on Windows: header `secret`, selector `principalId`, and
    neither what App Service nor what Linux takes (section 13); statuses are [inf]."""
    if incoming.path.rstrip("/") != WINDOWS_PATH:
        raise _Refused(404, "not_found", "The requested path is not known.")
    if incoming.method != "GET":
        raise _Refused(405, "method_not_allowed", "Only GET is answered.")
    if not hmac.compare_digest(incoming.headers.get("secret", "").encode(), header.encode()):
        raise _Refused(401, "unauthorized", "The header 'secret' is not IDENTITY_HEADER")
    foreign = [name for name in _SELECTORS if name in incoming.query]
    if foreign:
        raise _Refused(400, "invalid_request", f"'{foreign[0]}' is not known: use 'principalId'")
    if not incoming.query.get("resource"):
        raise _Refused(400, "invalid_request", "Required query variable 'resource' is missing")


def _windows(query: Mapping[str, str]) -> Mapping[str, str]:
    """Give the selector of a request on Windows as Linux calls it."""
    selected = query.get(_WINDOWS_SELECTOR)
    return {"object_id": selected} if selected else {}


def _select(instance: InstanceIdentity, query: Mapping[str, str]) -> Principal:
    """Choose the identity: the one named, else the system-assigned one, else the only one."""
    named = [(name, query[name].lower()) for name in _SELECTORS if query.get(name)]
    if len(named) > 1:
        raise _Refused(400, "invalid_request", "Only one identity may be named")
    if named:
        return _named(instance, *named[0])
    if instance.system is not None:
        return instance.system
    if len(instance.user) > 1:
        raise _Refused(400, "invalid_request", _MANY)
    if not instance.user:
        raise _Refused(400, "invalid_request", "Identity not found")
    return instance.user[0].principal


def _named(instance: InstanceIdentity, selector: str, value: str) -> Principal:
    if selector in ("msi_res_id", "mi_res_id"):
        found = [each.principal for each in instance.user if each.id.lower() == value]
    else:
        principals = [each.principal for each in instance.user]
        principals += [instance.system] if instance.system is not None else []
        field = "appid" if selector == "client_id" else "oid"
        found = [each for each in principals if getattr(each, field).lower() == value]
    if not found:
        raise _Refused(400, "invalid_request", "Identity not found")
    return found[0]
