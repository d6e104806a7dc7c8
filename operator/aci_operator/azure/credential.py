"""Tokens of an account's principal: for ARM, and for vaults only."""

from __future__ import annotations

import re
from typing import Any

import jwt
from azure.core import exceptions as core
from azure.core.credentials import AccessTokenInfo, TokenRequestOptions
from azure.identity.aio import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from .account import AccountSettings
from .errors import Unauthenticated

_TOKEN = re.compile(r"[!-~]+")


class UnusableCertificate(ValueError):
    """The PEM text holds no certificate with its private key that can be read."""


class Credential:
    """One of azure-identity's credentials, held to give a token or to say why not.

    The package takes Entra's answer as it comes; at a custom endpoint that may be anything.
    """

    def __init__(self, settings: AccountSettings, transport: Any) -> None:
        self._credential: Any = _source(settings, transport)

    async def get_token_info(
        self, *scopes: str, options: TokenRequestOptions | None = None
    ) -> AccessTokenInfo:
        """Give a token; azure.core's own errors (ClientAuthenticationError) if there is none."""
        try:
            token = await self._credential.get_token_info(*scopes, options=options)
            readable = _TOKEN.fullmatch(token.token) is not None
        except (KeyError, TypeError, ValueError, AttributeError):
            readable = False
        if not readable:
            raise core.ClientAuthenticationError("the answer of the token endpoint is no token")
        info: AccessTokenInfo = token
        return info

    async def close(self) -> None:
        """Close the package's client; the connections stay with their owner."""
        await self._credential.close()


def _source(settings: AccountSettings, transport: Any) -> Any:
    """Make the package's credential. Raises UnusableCertificate, ValueError for a tenant ID."""
    if settings.managed_identity:
        client_id = settings.client_id or None
        return ManagedIdentityCredential(client_id=client_id, transport=transport, retry_total=0)
    if settings.ambient:
        authority = settings.active_directory
        return DefaultAzureCredential(authority=authority, transport=transport, retry_total=0)
    who = (settings.tenant_id, settings.client_id)
    way = {"authority": settings.active_directory, "transport": transport, "retry_total": 0}
    if settings.certificate is not None:
        return _by_certificate(who, settings.certificate, way)
    if settings.assertion:
        return ClientAssertionCredential(*who, lambda: settings.assertion, **way)
    return ClientSecretCredential(*who, settings.client_secret, **way)


def certificate_ends(pem: bytes) -> float | None:
    """Give when the certificate of a PEM text ends, in seconds since 1970; None if it has none."""
    try:
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc.timestamp()
    except ValueError:
        return None


def _by_certificate(who: tuple[str, str], pem: bytes, way: dict[str, Any]) -> CertificateCredential:
    """Never let the package's words through: they might quote what it was given."""
    try:
        return CertificateCredential(*who, certificate_data=pem, **way)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableCertificate("no certificate with its private key") from None


class VaultCredential:
    """Gives tokens for vaults only.

    A vault says in its challenge which token it wants. With custom endpoints the package does not
    check that, so a false vault could ask for, and get, a token that ARM accepts.
    """

    def __init__(self, credential: Credential, scope: str) -> None:
        self._credential = credential
        self._scope = scope

    async def get_token_info(
        self, *scopes: str, options: TokenRequestOptions | None = None
    ) -> AccessTokenInfo:
        """Pass the request on if it is for vaults; ClientAuthenticationError otherwise."""
        if [scope.replace("//.default", "/.default") for scope in scopes] != [self._scope]:
            raise core.ClientAuthenticationError("the vault asks for a token that is not a vault's")
        return await self._credential.get_token_info(*scopes, options=options)

    async def close(self) -> None:
        """Nothing to close: the credential is the session's."""


def object_id(token: str) -> str:
    """Read the `oid` of a token that Entra has just given us; its signature is not our affair."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        claims = {}
    oid = claims.get("oid")
    if not isinstance(oid, str) or not oid:
        raise Unauthenticated("the token names no principal (oid)", code="TokenWithoutPrincipal")
    return oid
