"""The tenant's principals, and the tokens that speak for them."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from azure_emulator.clock import Clock
from azure_emulator.entra.assertions import Assertions
from azure_emulator.entra.tokens import Claims, TokenError, Tokens
from azure_emulator.errors import AzureError
from azure_emulator.keeping import Kept
from azure_emulator.wire import Caller


@dataclass(frozen=True)
class Principal:
    """A service principal: of an app registration or of a managed identity."""

    oid: str
    appid: str
    display_name: str
    created_at: float
    managed: bool = False
    """Whether it belongs to a managed identity; else to an app registration."""


class Directory(Kept):
    """Principals by object ID and by application ID, their client secrets and assertions.

    A token stays valid until it expires, also when its principal is removed meanwhile.
    """

    KEPT = ("_by_oid", "_by_appid", "_secrets")

    def __init__(self, tenant_id: str, clock: Clock) -> None:
        self.tenant_id = tenant_id
        self.tokens = Tokens(tenant_id, clock)
        self.assertions = Assertions(tenant_id, clock)
        self._clock = clock
        self._by_oid: dict[str, Principal] = {}
        self._by_appid: dict[str, Principal] = {}
        self._secrets: dict[str, str] = {}

    def create_service_principal(
        self, display_name: str, *, secret: str | None = None
    ) -> Principal:
        """Register an application; without a secret nobody can sign in as it."""
        principal = self._add(display_name)
        if secret is not None:
            self._secrets[principal.appid] = secret
        return principal

    def create_managed_identity(self, display_name: str) -> Principal:
        """Add the principal of a user- or system-assigned identity."""
        return self._add(display_name, managed=True)

    def principals(self) -> Sequence[Principal]:
        """List all, oldest first."""
        return tuple(self._by_oid.values())

    def remove(self, oid: str) -> None:
        """Remove a principal; nothing if it does not exist."""
        principal = self._by_oid.pop(oid.lower(), None)
        if principal is not None:
            self._by_appid.pop(principal.appid, None)
            self._secrets.pop(principal.appid, None)
            self.assertions.forget(principal.appid)

    def find(self, oid: str) -> Principal | None:
        """Find a principal by its object ID, whatever the letter case."""
        return self._by_oid.get(oid.lower())

    def find_application(self, appid: str) -> Principal | None:
        """Find a principal by its application (client) ID, whatever the letter case."""
        return self._by_appid.get(appid.lower())

    def secret_fits(self, principal: Principal, secret: str) -> bool:
        """Say whether a client secret is the principal's."""
        known = self._secrets.get(principal.appid)
        return known is not None and hmac.compare_digest(known.encode(), secret.encode())

    def secret_of(self, principal: Principal) -> str | None:
        """Give a principal's client secret, for the emulator's user."""
        return self._secrets.get(principal.appid)

    def set_secret(self, principal: Principal, secret: str | None) -> None:
        """Replace a principal's client secret, or take it away."""
        self._secrets.pop(principal.appid, None)
        if secret is not None:
            self._secrets[principal.appid] = secret

    def issue(self, principal: Principal, audience: str, lifetime: float = 3600) -> str:
        """Sign a token for a principal: an RS256 JWT with aud, iss, iat, nbf, exp, oid, appid,
        tid, sub and idtyp=app."""
        return self.tokens.sign(principal.oid, principal.appid, audience, lifetime)

    def verify(self, token: str, audiences: Collection[str]) -> Caller:
        """Find out who calls.

        Raises AzureError 401 with ARM's codes (section 7.2): ExpiredAuthenticationToken, or
        InvalidAuthenticationToken for any other defect, an audience that is not meant included.
        The texts are [inf]; other surfaces word theirs themselves.
        """
        try:
            claims = self.tokens.verify(token, audiences)
        except TokenError as error:
            code = "Expired" if error.expired else "Invalid"
            raise AzureError(
                401, f"{code}AuthenticationToken", error.message, gateway=True
            ) from None
        return _caller(claims)

    def _add(self, display_name: str, *, managed: bool = False) -> Principal:
        now = self._clock.now()
        principal = Principal(str(uuid.uuid4()), str(uuid.uuid4()), display_name, now, managed)
        self._by_oid[principal.oid] = principal
        self._by_appid[principal.appid] = principal
        return principal


def _caller(claims: Claims) -> Caller:
    return Caller(oid=claims.oid, appid=claims.appid, tid=claims.tid)
