"""Taking out of an HTTP exchange what must not leave the machine.

Runs inside the Azure CLI's own Python as well, so it needs the standard library only.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LEFT_OUT = "TRIMMED"
_ARM = "management.azure.com"
_VAULT = ".vault.azure.net"
_HEADERS = frozenset(
    {
        "azure-asyncoperation",
        "content-type",
        "date",
        "location",
        "retry-after",
        "www-authenticate",
        "x-ms-failure-cause",
    }
)
_RATES = "x-ms-ratelimit-remaining-"
_SECRETS = frozenset(
    {
        "accesstoken",
        "access_token",
        "client_secret",
        "clientsecret",
        "content",
        "password",
        "refresh_token",
        "securevalue",
        "storageaccountkey",
        "websocketuri",
        "workspacekey",
    }
)
_KEPT_IDS = frozenset({"b24988ac-6180-42a0-ab88-20f7382dd24c", str(uuid.UUID(int=0))})
"""The role Contributor, which is the same for everybody, and the ID of nothing."""
_GUID = re.compile(r"\b[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}\b", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+#-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_ADDRESS_6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE)
_SIGNATURE = re.compile(r"([?&](?:t|c|s|h)=)[^&\s\"]+")
TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?")


@dataclass(frozen=True)
class Scrub:
    """What is known of one run: `names` are texts and what stands for them, `key` makes each ID
    another one, the same each time it appears in this run."""

    names: Mapping[str, str]
    key: bytes

    def exchange(self, sent: Mapping[str, Any], answered: Mapping[str, Any]) -> Any:
        """Give a recording's exchange; None for what is no business of a recording.

        `sent` has method, url and body (bytes or None), `answered` status, headers and body.
        Only Resource Manager and vaults are recorded: Entra's traffic is all tokens, Graph's is
        about people.
        """
        host = urlsplit(sent["url"]).hostname or ""
        is_vault = host.endswith(_VAULT)
        if host != _ARM and not is_vault:
            return None
        headers = {name.lower(): text for name, text in answered["headers"].items()}
        exchange = {
            "request": {
                "method": sent["method"],
                "uri": sent["url"],
                "body": _without_secrets(_parsed(sent["body"]), is_vault),
            },
            "response": {
                "status": answered["status"],
                "headers": {name: headers[name] for name in sorted(headers) if _is_kept(name)},
                "body": _without_secrets(_parsed(answered["body"]), is_vault),
            },
        }
        return json.loads(self.text(json.dumps(exchange)))

    def text(self, text: str) -> str:
        """Put other words in the place of names, IDs, mail and network addresses, signatures and
        tokens."""
        for name in sorted(self.names, key=len, reverse=True):
            text = re.sub(re.escape(name), self.names[name], text, flags=re.IGNORECASE)
        text = TOKEN.sub(LEFT_OUT, text)
        text = _SIGNATURE.sub(rf"\1{LEFT_OUT}", text)
        text = _GUID.sub(self._other_id, text)
        text = _MAIL.sub("somebody@example.com", text)
        text = _ADDRESS_6.sub("2001:db8:0:0:0:0:0:1", text)
        return _ADDRESS.sub("203.0.113.1", text)

    def _other_id(self, found: re.Match[str]) -> str:
        known = str(uuid.UUID(found[0]))
        if known in _KEPT_IDS or known in self.names.values():
            return found[0]
        digest = hmac.new(self.key, known.encode(), hashlib.sha256).digest()
        other = uuid.UUID(bytes=digest[:16], version=4)
        return str(other) if found[1] else other.hex


def _is_kept(name: str) -> bool:
    return name in _HEADERS or name.startswith(_RATES)


def _parsed(body: bytes | None) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return LEFT_OUT


def _without_secrets(body: Any, is_vault: bool) -> Any:
    if isinstance(body, dict):
        return {
            name: LEFT_OUT
            if isinstance(value, str) and _is_secret(name, is_vault)
            else _without_secrets(value, is_vault)
            for name, value in body.items()
        }
    if isinstance(body, list):
        return [_without_secrets(each, is_vault) for each in body]
    return body


def _is_secret(name: str, is_vault: bool) -> bool:
    return name.lower() in _SECRETS or (is_vault and name == "value")
