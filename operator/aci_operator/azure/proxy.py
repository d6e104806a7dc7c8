"""An HTTP proxy on the way to Azure, and what it is not asked for."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_LOCALHOST = "localhost"


@dataclass(frozen=True)
class Proxy:
    """`url` is without the credentials: it shows in error messages. `direct` names hosts, domains
    and networks that are reached without the proxy."""

    url: str
    direct: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The credentials, as the proxy wants them."""

    @classmethod
    def parse(cls, url: str, no_proxy: str = "") -> Proxy:
        """Read what HTTPS_PROXY and NO_PROXY hold: an address, `http://` being understood; and
        `*`, or names, domains, addresses and networks with commas between.

        Raises ValueError, without the address, which may hold a password.
        """
        address = url if "://" in url else f"http://{url}"
        try:
            parts = urlsplit(address)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("the proxy's address must be http://[user:password@]host[:port]")
        names = [name.strip().lower() for name in no_proxy.split(",")]
        return cls(
            url=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            direct=tuple(name for name in names if name),
            headers=_credentials(unquote(parts.username or ""), unquote(parts.password or "")),
        )

    def leads_to(self, url: str) -> bool:
        """Say whether a request goes through the proxy.

        None does to this machine: its loopback addresses, and the link-local one that gives
        tokens of its managed identity. A proxy would ask for its own machine's, and see the token.
        """
        host = (urlsplit(url).hostname or "").lower()
        return not _is_this_machine(host) and not any(_covers(name, host) for name in self.direct)


def _credentials(user: str, password: str) -> dict[str, str]:
    if not user and not password:
        return {}
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Proxy-Authorization": f"Basic {encoded}"}


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
        return address.is_loopback or address.is_link_local
    except ValueError:
        return host == _LOCALHOST


def _covers(name: str, host: str) -> bool:
    """Say whether an entry of NO_PROXY means a host: `example.org` also means what is below."""
    if name == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        domain = name.removeprefix("*").lstrip(".")
        return host == domain or host.endswith(f".{domain}")
