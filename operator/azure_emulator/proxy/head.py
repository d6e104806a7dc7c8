"""The first lines of a request to a proxy (RFC 9112): read, and written for who answers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-authorization", "proxy-connection"})


class Malformed(Exception):
    """What was sent is no HTTP request."""


@dataclass(frozen=True)
class Head:
    """Method, target as sent, and headers by lower-case name."""

    method: str
    target: str
    headers: Mapping[str, str]

    def address(self) -> tuple[str, int]:
        """Give host and port that the client wants to reach; raises Malformed."""
        url = urlsplit(f"//{self.target}" if self.method == "CONNECT" else self.target)
        try:
            host, port = url.hostname, url.port
        except ValueError:
            raise Malformed from None
        if not host or (self.method != "CONNECT" and url.scheme != "http"):
            raise Malformed
        return host, port or 80

    def password(self) -> str:
        """Give the password of the proxy credentials, "" without any that can be read."""
        scheme, _, encoded = self.headers.get("proxy-authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return ""
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return decoded.partition(":")[2]

    def forwarded(self) -> bytes:
        """Write the head for the server itself: origin form, one request per connection."""
        url = urlsplit(self.target)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        kept = {name: text for name, text in self.headers.items() if name not in _HOP_BY_HOP}
        lines = [f"{self.method} {path} HTTP/1.1"]
        lines += [f"{name}: {text}" for name, text in {**kept, "connection": "close"}.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def parse(raw: bytes) -> Head:
    """Read a head, up to the empty line; raises Malformed."""
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise Malformed
    headers = {}
    for line in lines:
        name, colon, text = line.partition(":")
        if not colon or not name or name != name.strip():
            raise Malformed
        headers[name.lower()] = text.strip()
    return Head(words[0].upper(), words[1], headers)
