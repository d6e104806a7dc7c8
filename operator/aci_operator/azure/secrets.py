"""Secrets in a vault's data plane: written, listed, deleted and recovered, never read.

SecretClient gives transport, the challenge of the vault and the API version; its own methods are
not used, because those that delete and recover poll with GETs of the secret, which need a right
that this operator does not give itself and would bring the value into the process (design.md
section 2, KeyVaultSecret).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from azure.core.rest import HttpRequest
from azure.keyvault.secrets.aio import SecretClient

from .arm import MAX_PAGES, JsonObject, JsonObjects, next_link, read_page
from .errors import Absent, Unauthenticated, Unavailable
from .gate import LABEL, content_of, label_of, parsed

_NAME = re.compile(r"[0-9A-Za-z-]{1,127}\Z")
_SHOWN = (
    "id",
    "contentType",
    "tags",
    "attributes",
    "managed",
    "recoveryId",
    "deletedDate",
    "scheduledPurgeDate",
)
"""What is passed on of an answer: everything but `value`."""


class Secrets:
    """One vault's secrets. No method returns a value; all raise what `errors` names.

    Properties are the data plane's JSON without `value`, with `name` and, where the ID holds
    one, `version` added.
    """

    def __init__(self, vault_uri: str, client: SecretClient) -> None:
        self._uri = vault_uri
        self._client = client

    async def set(
        self,
        name: str,
        value: str,
        content_type: str | None = None,
        tags: Mapping[str, str] | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> JsonObject:
        """Write a new version; gives its properties.

        `attributes` may hold `enabled`, `exp` and `nbf`, the times in seconds since 1970 (swagger
        of 7.5, SecretAttributes). Rejected with the code ObjectIsDeletedButRecoverable if the name
        is soft-deleted.
        """
        body: JsonObject = {"value": value, "tags": dict(tags or {})}
        if content_type is not None:
            body["contentType"] = content_type
        if attributes:
            body["attributes"] = dict(attributes)
        return _properties(await self._send(HttpRequest("PUT", self._url(name), json=body)))

    async def update(self, name: str, version: str, change: Mapping[str, Any]) -> JsonObject:
        """Change one version, whose value stays; gives its properties.

        `change` may hold `contentType`, `tags` (the whole map) and `attributes` as for `set`;
        what it does not hold stays as it is (swagger of 7.5, UpdateSecret; recorded for
        `attributes` in cli-keyvault-secret.json, interaction 13). So no date can be taken away.
        """
        url = f"{self._url(name)}/{version}"
        return _properties(await self._send(HttpRequest("PATCH", url, json=dict(change))))

    async def versions(self, name: str) -> JsonObjects:
        """List the properties of all versions of a secret; empty if there is no such secret."""
        try:
            return [_properties(item) for item in await self._pages(f"{self._url(name)}/versions")]
        except Absent:
            return []

    async def list(self) -> dict[str, JsonObject]:
        """List the current version of all secrets, by name."""
        found = [_properties(item) for item in await self._pages(f"{self._uri}/secrets")]
        return {item["name"]: item for item in found}

    async def delete(self, name: str) -> None:
        """Delete all versions of a secret into soft-delete; Absent if it is not there."""
        await self._send(HttpRequest("DELETE", self._url(name)))

    async def recover(self, name: str) -> JsonObject:
        """Begin to bring a soft-deleted secret back; gives its properties."""
        url = f"{self._url(name, 'deletedsecrets')}/recover"
        return _properties(await self._send(HttpRequest("POST", url)))

    async def find_deleted(self, name: str) -> JsonObject | None:
        """Look a name up among the soft-deleted secrets; None if it is not there.

        By a list, since reading one deleted secret needs the right to read secrets.
        """
        self._url(name)
        for item in await self._pages(f"{self._uri}/deletedsecrets"):
            properties = _properties(item)
            if properties["name"].lower() == name.lower():
                return properties
        return None

    def _url(self, name: str, collection: str = "secrets") -> str:
        if not _NAME.match(name):
            raise ValueError(f"{name!r}: a secret's name is 1 to 127 letters, digits and hyphens")
        return f"{self._uri}/{collection}/{name}"

    async def _pages(self, url: str) -> JsonObjects:
        """Read all pages; one that fails loses the whole list."""
        items: JsonObjects = []
        label = label_of("GET", url.removeprefix(self._uri).strip("/").split("/"))
        request = HttpRequest("GET", url)
        for _ in range(MAX_PAGES):
            page = await self._send(request, **{LABEL: label})
            values, link = read_page(page, f"GET {url}")
            items.extend(values)
            if not link:
                return items
            request = HttpRequest("GET", next_link(self._uri, link, f"GET {url}"))
        raise Unavailable("the list does not end", code="TooManyPages", operation=f"GET {url}")

    async def _send(self, request: HttpRequest, **options: Any) -> Any:
        try:
            return parsed(await content_of(await self._client.send_request(request, **options)))
        except ValueError as error:  # the package's word for a challenge that it does not trust
            reason = str(error)
        raise Unauthenticated(reason, code="ChallengeRefused", operation=f"GET {self._uri}")


def _properties(item: Any) -> JsonObject:
    """Keep what may be shown of an answer, and read name and version out of the ID."""
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        raise Unavailable("the vault's answer has no id", code="Garbled")
    segments = urlsplit(item["id"]).path.strip("/").split("/")
    if len(segments) < 2:
        raise Unavailable("the vault's answer has an id without a name", code="Garbled")
    shown = {name: item[name] for name in _SHOWN if item.get(name) is not None}
    shown["name"] = segments[1]
    if len(segments) > 2:
        shown["version"] = segments[2]
    return shown
