"""The secrets data plane of one vault: requests in, answers out.

Evidence: azure.md section 10.2 and the recordings named in `secret`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from azure_emulator.clock import Clock
from azure_emulator.endpoints import VAULT_AUDIENCE, Endpoints
from azure_emulator.entra.directory import Directory
from azure_emulator.errors import AzureError
from azure_emulator.exchange import Incoming
from azure_emulator.vaults import access, denials
from azure_emulator.vaults.access import Guard, Operation
from azure_emulator.vaults.secret import View
from azure_emulator.vaults.secrets import Backups, Secrets, parse
from azure_emulator.vaults.vault import Vault
from azure_emulator.wire import Caller, Response

API_VERSIONS = (
    "7.0",
    "7.1",
    "7.2",
    "7.3",
    "7.4",
    "7.5",
    "7.6",
    "2025-07-01",
    "2026-04-01",
)
CLIENT_ADDRESS = "127.0.0.1"
"""Every caller comes from the loopback address; a firewall rule may name it."""
PAGE = 25
"""Items per page, and the most that `maxresults` may ask for [spec]."""
_MISSING_TOKEN = "Request is missing a Bearer or PoP token."
_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
_HEADERS = {
    "x-ms-keyvault-service-version": "1.9.1652.1",
    "x-ms-keyvault-network-info": f"addr={CLIENT_ADDRESS};act_addr_fam=InterNetwork;",
}


@dataclass(frozen=True)
class Asked:
    """One request whose caller is known; `name` and `version` are "" where the path has none."""

    incoming: Incoming
    vault: Vault
    view: View
    now: float
    name: str = ""
    version: str = ""

    @property
    def secrets(self) -> Secrets:
        """The vault's secrets."""
        return self.vault.secrets


Handler = Callable[[Asked], Response]


class DataPlane:
    """Answers for the vaults' secrets; holds the backups that were taken."""

    def __init__(
        self, clock: Clock, endpoints: Endpoints, directory: Directory, guard: Guard
    ) -> None:
        self._clock = clock
        self._endpoints = endpoints
        self._directory = directory
        self._guard = guard
        self._backups = Backups()
        self._routes: Sequence[tuple[str, re.Pattern[str], Operation, Handler]] = [
            (method, re.compile(pattern + "/?"), operation, handler)
            for method, pattern, operation, handler in self._operations()
        ]

    def answer(self, vault: Vault, incoming: Incoming) -> Response:
        """Answer one request to a vault; raises AzureError for every refusal."""
        try:
            response = self._answer(vault, incoming)
        except AzureError as error:
            error.headers.update(_HEADERS)
            raise
        return Response(response.status, response.body, {**_HEADERS, **response.headers})

    def _answer(self, vault: Vault, incoming: Incoming) -> Response:
        caller = self._caller(incoming)
        incoming.oid = caller.oid
        self._guard.admit(vault, caller, CLIENT_ADDRESS)
        now = self._clock.now()
        vault.secrets.expire(vault.recovery, now)
        view = View(vault.uri_at(incoming.base_url), _api_version(incoming), vault.recovery)
        operation, handler, names = self._route(incoming)
        asked = Asked(incoming, vault, view, now, **names)
        self._guard.check(vault, caller, operation, asked.name, now)
        return handler(asked)

    def _caller(self, incoming: Incoming) -> Caller:
        """Verify the token; without one the body is not even looked at (recorded)."""
        entra = self._endpoints.seen_at(incoming.base_url).active_directory
        authority = f"{entra}/{self._directory.tenant_id}"
        token = incoming.bearer()
        if not token:
            raise denials.unauthorized(_MISSING_TOKEN, authority, VAULT_AUDIENCE)
        try:
            return self._directory.verify(token, (VAULT_AUDIENCE,))
        except AzureError as error:
            raise denials.unauthorized(error.message, authority, VAULT_AUDIENCE) from None

    def _route(self, incoming: Incoming) -> tuple[Operation, Handler, dict[str, str]]:
        for method, pattern, operation, handler in self._routes:
            found = pattern.fullmatch(incoming.path) if method == incoming.method else None
            if found is not None:
                names = found.groupdict()
                if "name" in names and not _NAME.fullmatch(names["name"]):
                    raise denials.bad_parameter(
                        "The request URI contains an invalid name: a secret's name has 1 to 127 "
                        "letters, digits and hyphens."
                    )
                return operation, handler, names
        raise denials.not_emulated(incoming.method, incoming.path)

    def _operations(self) -> Sequence[tuple[str, str, Operation, Handler]]:
        """List method, path, right and handler; the first that fits answers."""
        secret, deleted = "/secrets/(?P<name>[^/]+)", "/deletedsecrets/(?P<name>[^/]+)"
        versioned = secret + "/(?P<version>[^/]+)"
        return (
            ("GET", "/secrets", access.LIST, _list),
            ("POST", "/secrets/restore", access.RESTORE, self._restore),
            ("PUT", secret, access.SET, _set),
            ("DELETE", secret, access.DELETE, _delete),
            ("GET", secret, access.GET, _get),
            ("PATCH", secret, access.UPDATE, _update),
            ("GET", secret + "/versions", access.LIST, _versions),
            ("POST", secret + "/backup", access.BACKUP, self._backup),
            ("GET", versioned, access.GET, _get),
            ("PATCH", versioned, access.UPDATE, _update),
            ("GET", "/deletedsecrets", access.LIST, _list_deleted),
            ("GET", deleted, access.GET_DELETED, _get_deleted),
            ("DELETE", deleted, access.PURGE, _purge),
            ("POST", deleted + "/recover", access.RECOVER, _recover),
        )

    def _backup(self, asked: Asked) -> Response:
        return Response(200, {"value": self._backups.keep(asked.secrets.find(asked.name))})

    def _restore(self, asked: Asked) -> Response:
        body = asked.incoming.json()
        blob = body.get("value") if isinstance(body, dict) else None
        if not isinstance(blob, str):
            raise denials.bad_parameter("Property value has invalid value.")
        secret = asked.secrets.restore(self._backups.give(blob))
        return Response(200, asked.view.bundle(secret, secret.current))


def _set(asked: Asked) -> Response:
    given = parse(asked.incoming.json(), needs_value=True)
    secret = asked.secrets.set(asked.name, given, asked.now)
    return Response(200, asked.view.bundle(secret, secret.current, value=True))


def _get(asked: Asked) -> Response:
    secret, version = asked.secrets.find_version(asked.name, asked.version)
    if not version.enabled:
        raise denials.secret_disabled("get")
    return Response(200, asked.view.bundle(secret, version, value=True))


def _update(asked: Asked) -> Response:
    given = parse(asked.incoming.json(), needs_value=False)
    secret, version = asked.secrets.find_version(asked.name, asked.version)
    asked.secrets.update(version, given, asked.now)
    return Response(200, asked.view.bundle(secret, version))


def _delete(asked: Asked) -> Response:
    secret = asked.secrets.delete(asked.name, asked.view.recovery, asked.now)
    if secret.deleted_at is None:
        return Response(200, asked.view.bundle(secret, secret.current))
    return Response(200, asked.view.deleted(secret))


def _list(asked: Asked) -> Response:
    return _page(asked, [asked.view.item(secret) for secret in asked.secrets.live()])


def _versions(asked: Asked) -> Response:
    secret = asked.secrets.find(asked.name)
    return _page(asked, [asked.view.bundle(secret, version) for version in secret.versions])


def _list_deleted(asked: Asked) -> Response:
    secrets = asked.secrets.deleted()
    return _page(asked, [asked.view.deleted(secret, listed=True) for secret in secrets])


def _get_deleted(asked: Asked) -> Response:
    return Response(200, asked.view.deleted(asked.secrets.find_deleted(asked.name)))


def _purge(asked: Asked) -> Response:
    asked.secrets.purge(asked.name, asked.view.recovery)
    return Response(204)


def _recover(asked: Asked) -> Response:
    secret = asked.secrets.recover(asked.name)
    return Response(200, asked.view.bundle(secret, secret.current))


def _api_version(incoming: Incoming) -> str:
    asked = incoming.query.get("api-version", "")
    if asked not in API_VERSIONS:
        raise denials.unknown_version(asked, API_VERSIONS[-1])
    return asked


def _page(asked: Asked, items: Sequence[Any]) -> Response:
    """Cut a page; `nextLink` is null at the end (recorded), else it names the rest [spec]."""
    query = asked.incoming.query
    size = _number(query.get("maxresults", str(PAGE)), 1, PAGE)
    start = _number(query.get("$skiptoken", "0"), 0, 1_000_000)
    end = start + size
    link = None
    if end < len(items):
        path = asked.incoming.path.rstrip("/")
        link = f"{asked.view.uri}{path}?api-version={asked.view.api_version}"
        link += f"&$skiptoken={end}&maxresults={size}"
    return Response(200, {"value": list(items[start:end]), "nextLink": link})


def _number(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise denials.bad_parameter(f"A query parameter is not a number from {least} to {most}.")
    return int(text)
