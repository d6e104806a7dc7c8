"""What a session needs to know of an account: where Azure is and who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class AccountSettings:
    """A subscription, a tenant, a service principal and the endpoints.

    `custom` marks endpoints that are not public Azure's: then a vault's host need not end in the
    domain of its audience. `ca_bundle` is PEM text; when given, only its certificates are
    trusted. Raises ValueError for an endpoint that is not plain `https://host[:port]`.
    """

    subscription_id: str
    tenant_id: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    resource_manager: str = "https://management.azure.com"
    active_directory: str = "https://login.microsoftonline.com"
    resource_manager_audience: str | None = None
    key_vault_audience: str = "https://vault.azure.net"
    ca_bundle: str | None = None
    custom: bool = False
    certificate: bytes | None = field(default=None, repr=False)
    """PEM text with a certificate and its private key, in place of a client secret."""
    assertion: str = field(default="", repr=False)
    """Another issuer's token, in place of a client secret."""
    managed_identity: bool = False
    """Sign in as the machine's managed identity; an empty `client_id` means its own."""
    ambient: bool = False
    """Sign in as azure-identity's DefaultAzureCredential does: for commands, never for accounts."""

    def __post_init__(self) -> None:
        require_https("resourceManager", self.resource_manager)
        require_https("activeDirectory", self.active_directory)

    @property
    def resource_manager_scope(self) -> str:
        """The scope of tokens for ARM."""
        return f"{(self.resource_manager_audience or self.resource_manager).rstrip('/')}/.default"

    @property
    def key_vault_scope(self) -> str:
        """The scope of tokens for vaults' data planes."""
        return f"{self.key_vault_audience.rstrip('/')}/.default"


def require_https(field_name: str, url: str) -> None:
    """Refuse what is not `https://host[:port]`: a token must never travel in the clear."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(f"{field_name}: {url!r} is not an https:// address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(f"{field_name}: only scheme, host and port may be given")
    if parts.path.strip("/"):
        raise ValueError(f"{field_name}: {url!r} has a path, which is not expected here")
