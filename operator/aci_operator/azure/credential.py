"""Tokens of a service principal: for ARM, and for vaults only."""

from __future__ import annotations

import re
from typing import Any

import jwt
from azure.core import exceptions as core
from azure.core.credentials import AccessTokenInfo, TokenRequestOptions
from azure.identity.aio import ClientSecretCredential

from .account import AccountSettings
from .errors import Unauthenticated

_TOKEN = re.compile(r"[!-~]+")


class Credential:
    """azure-identity's client secret credential, held to give a token or to say why not.

    The package takes Entra's answer as it comes; at a custom endpoint that may be anything.
    """

    def __init__(self, settings: AccountSettings, transport: Any) -> None:
        self._credential = ClientSecretCredential(
            settings.tenant_id,
            settings.client_id,
            settings.client_secret,
            authority=settings.active_directory,
            transport=transport,
            retry_total=0,
        )

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
        return token

    async def close(self) -> None:
        """Close the package's client; the connections stay with their owner."""
        await self._credential.close()


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
