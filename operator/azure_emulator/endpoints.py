"""Where the emulator is reached, and the metadata by which tools find out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Endpoints:
    """Base URLs without a slash at the end, and the CA to trust."""

    resource_manager: str = ""
    active_directory: str = ""
    control: str = ""
    ca_file: Path = Path()

    def audiences(self) -> tuple[str, ...]:
        """List what a token for ARM may be meant for."""
        return (
            "https://management.azure.com",
            "https://management.core.windows.net",
            self.resource_manager,
        )


VAULT_AUDIENCE = "https://vault.azure.net"
"""What a token for a vault's data plane is meant for."""

_OTHER_AUDIENCES = ("https://graph.microsoft.com", "https://graph.windows.net")


def known_audience(resource: str, endpoints: Endpoints) -> bool:
    """Say whether tokens are given out for a resource, with or without a slash at its end."""
    known = (*endpoints.audiences(), VAULT_AUDIENCE, *_OTHER_AUDIENCES)
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
        "galleryEndpoint": arm,
        "portal": "https://portal.azure.com",
        "suffixes": {"keyVaultDns": "vault.azure.net"},
    }
