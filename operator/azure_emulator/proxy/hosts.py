"""Azure's public host names, and what of the emulator stands behind each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["arm", "entra", "graph", "vault", "stream"]

INSTANCE_METADATA = "169.254.169.254"
STREAM_PORT = 19390
"""Of container exec and attach (recording cli-container_exec-2023-05-01)."""

_HOSTS: dict[str, Kind] = {
    "management.azure.com": "arm",
    "login.microsoftonline.com": "entra",
    "login.windows.net": "entra",
    "login.microsoft.com": "entra",
    "sts.windows.net": "entra",
    "graph.microsoft.com": "graph",
}
_VAULT = re.compile(r"([a-z0-9-]{3,24})\.vault\.azure\.net")
_STREAM = re.compile(r"sb[a-z0-9]{1,40}\.[a-z0-9]{1,40}\.atlas\.cloudapp\.azure\.com")


@dataclass(frozen=True)
class Place:
    """What a host name stands for; `vault` is the vault's name, "" for anything else."""

    kind: Kind
    vault: str = ""


def place(host: str) -> Place | None:
    """Find what a host name, in any letter case, stands for; None for a foreign one."""
    lowered = host.lower().removesuffix(".")
    if lowered in _HOSTS:
        return Place(_HOSTS[lowered])
    found = _VAULT.fullmatch(lowered)
    if found is not None:
        return Place("vault", found[1])
    return Place("stream") if _STREAM.fullmatch(lowered) else None


def is_served(host: str, port: int) -> bool:
    """Say whether a TLS connection to a host and port ends in the emulator."""
    found = place(host)
    return found is not None and port == (STREAM_PORT if found.kind == "stream" else 443)
