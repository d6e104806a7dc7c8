"""Where the emulator is reached, and the metadata by which tools find out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PUBLIC_ARM = "https://management.azure.com"
_PUBLIC_ENTRA = "https://login.microsoftonline.com"
_PUBLIC_VAULTS = "vault.azure.net"
_NO_VAULTS = "vault.invalid"
"""On loopback ports no suffix leads to a vault: a name that never resolves (RFC 2606), lest a tool
takes its token to a real vault of the same name."""


@dataclass
class Endpoints:
    """Base URLs without a slash at the end, and the CA to trust."""

    resource_manager: str = ""
    active_directory: str = ""
    control: str = ""
    proxy: str = ""
    graph: str = ""
    ca_file: Path = Path()

    def audiences(self) -> tuple[str, ...]:
        """List what a token for ARM may be meant for."""
        return (
            _PUBLIC_ARM,
            "https://management.core.windows.net",
            self.resource_manager,
        )

    def seen_at(self, base_url: str) -> Endpoints:
        """Give the endpoints as a client must see them that reached us under a URL: these, or
        public Azure's for one that came by a name of Azure's."""
        if not by_azures_name(base_url):
            return self
        return replace(
            self,
            resource_manager=_PUBLIC_ARM,
            active_directory=_PUBLIC_ENTRA,
            graph=GRAPH_AUDIENCE,
        )


def by_azures_name(base_url: str) -> bool:
    """Tell whether a client reached us by another name than the loopback address's."""
    return urlsplit(base_url).hostname not in LOOPBACK


def vault_url(name: str, loopback: str, base_url: str) -> str:
    """Give a vault's URL, without a slash at the end, for a client that reached us under
    `base_url`: the one on the loopback address, or the one by Azure's name."""
    return f"https://{name.lower()}.{_PUBLIC_VAULTS}" if by_azures_name(base_url) else loopback


VAULT_AUDIENCE = "https://vault.azure.net"
"""What a token for a vault's data plane is meant for."""

GRAPH_AUDIENCE = "https://graph.microsoft.com"
"""What a token for Microsoft Graph is meant for, and where it is reached."""

_OTHER_AUDIENCES = (GRAPH_AUDIENCE, "https://graph.windows.net")


def known_audience(resource: str, endpoints: Endpoints) -> bool:
    """Say whether tokens are given out for a resource, with or without a slash at its end."""
    known = (*endpoints.audiences(), VAULT_AUDIENCE, *_OTHER_AUDIENCES, endpoints.graph)
    return resource.rstrip("/") in known


def metadata(endpoints: Endpoints) -> dict[str, Any]:
    """Describe this cloud the way `/metadata/endpoints` does, for `az cloud register` and SDKs.

    One object that has the members of api-version 2015-01-01 (`graphEndpoint`,
    `galleryEndpoint`, `authentication`) and of 2022-09-01. What the emulator does not have is
    empty or left out.
    """
    arm, entra = endpoints.resource_manager, endpoints.active_directory
    return {
        "name": "AzureEmulator",
        "resourceManager": arm,
        "authentication": {
            "loginEndpoint": entra,
            "audiences": [f"{audience}/" for audience in endpoints.audiences()],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "graph": "https://graph.windows.net/",
        "graphAudience": "https://graph.windows.net/",
        "graphEndpoint": "https://graph.windows.net/",
        "microsoftGraphResourceId": f"{endpoints.graph}/",
        "galleryEndpoint": arm,
        "portal": "https://portal.azure.com",
        "suffixes": {"keyVaultDns": _PUBLIC_VAULTS if arm == _PUBLIC_ARM else _NO_VAULTS},
    }
