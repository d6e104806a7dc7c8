"""Signed tokens: made once per request for one, checked on every call."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from azure_emulator.clock import Clock

_CHECKED_TOKENS_KEPT = 10_000
_SKEW = 300
"""Seconds a token is valid before it was issued, as Entra does it."""


class TokenError(Exception):
    """A token that is not accepted; `expired` tells why a new one might be."""

    def __init__(self, message: str, *, expired: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.expired = expired


@dataclass(frozen=True)
class Claims:
    """What a token that was accepted says."""

    oid: str
    appid: str
    tid: str
    audience: str
    not_before: float
    expires: float


@lru_cache(maxsize=1)
def _signing_key() -> rsa.RSAPrivateKey:
    """Make the key once per process: it takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Tokens:
    """Signs and verifies; remembers tokens whose signature was checked already."""

    def __init__(self, tenant_id: str, clock: Clock) -> None:
        self.issuer = f"https://sts.windows.net/{tenant_id}/"
        self._tenant = tenant_id
        self._clock = clock
        self._key = _signing_key()
        self._public = self._key.public_key()
        self._kid = _thumbprint(self._public)
        self._checked: OrderedDict[str, Claims] = OrderedDict()

    def keys(self) -> dict[str, Any]:
        """Give the JSON Web Key Set with the public key."""
        numbers = self._public.public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "kid": self._kid,
            "x5t": self._kid,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
            "issuer": self.issuer,
        }
        return {"keys": [key]}

    def sign(self, oid: str, appid: str, audience: str, lifetime: float) -> str:
        """Make a token that lives for `lifetime` seconds."""
        now = int(self._clock.now())
        claims = {
            "aud": audience,
            "iss": self.issuer,
            "iat": now,
            "nbf": now,
            "exp": now + int(lifetime),
            "appid": appid,
            "appidacr": "1",
            "idp": self.issuer,
            "idtyp": "app",
            "oid": oid,
            "sub": oid,
            "tid": self._tenant,
            "uti": base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="),
            "ver": "1.0",
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})

    def verify(self, token: str, audiences: Collection[str]) -> Claims:
        """Check signature, times and audience (with or without a slash at its end).

        Raises TokenError.
        """
        claims = self._checked.get(token) or self._check_signature(token)
        now = self._clock.now()
        if claims.expires <= now:
            raise TokenError(
                f"The access token expiry UTC time '{_utc(claims.expires)}' is earlier than "
                f"current UTC time '{_utc(now)}'.",
                expired=True,
            )
        if claims.not_before > now + _SKEW:
            raise TokenError("The access token is not yet valid.")
        if claims.audience not in {audience.rstrip("/") for audience in audiences}:
            raise TokenError(
                "The access token has been obtained for wrong audience or resource "
                f"'{claims.audience}'. It should exactly match with one of the allowed audiences "
                + ",".join(f"'{audience}'" for audience in audiences)
                + "."
            )
        return claims

    def _check_signature(self, token: str) -> Claims:
        try:
            decoded = jwt.decode(
                token,
                self._public,
                algorithms=["RS256"],
                issuer=self.issuer,
                options={
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "require": ["aud", "iss", "exp", "nbf", "oid", "appid", "tid"],
                },
            )
        except jwt.PyJWTError:
            raise TokenError("The access token is invalid.") from None
        claims = Claims(
            oid=decoded["oid"],
            appid=decoded["appid"],
            tid=decoded["tid"],
            audience=str(decoded["aud"]).rstrip("/"),
            not_before=float(decoded["nbf"]),
            expires=float(decoded["exp"]),
        )
        self._checked[token] = claims
        if len(self._checked) > _CHECKED_TOKENS_KEPT:
            self._checked.popitem(last=False)
        return claims


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%m/%d/%Y %I:%M:%S %p")


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _thumbprint(public: rsa.RSAPublicKey) -> str:
    numbers = public.public_numbers()
    digest = hashlib.sha256(f"{numbers.e}:{numbers.n}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
