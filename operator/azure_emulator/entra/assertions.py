"""Client assertions: signed by a registered certificate, or by an issuer that is trusted.

The numbers are those of Entra's published list and of public reports (AADSTS700027, 700213 and
the like); their texts are shortened, and which defect is told first is [inf].
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from azure_emulator.clock import Clock
from azure_emulator.keeping import Kept

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
_ALGORITHMS = ["RS256", "PS256"]
_SKEW = 300
_KEPT_PER_APPLICATION = 20
"""Entra takes as many federated credentials per application."""


@dataclass(frozen=True)
class AssertionRefused(Exception):
    """An assertion that is not accepted, as the token endpoint says it."""

    number: int
    text: str
    status: int = 401
    error: str = "invalid_client"


@dataclass(frozen=True)
class Federation:
    """Whom an application lets speak for it: compared in the exact letter case."""

    issuer: str
    subject: str
    audience: str = EXCHANGE_AUDIENCE


class Assertions(Kept):
    """What was registered for each application, and the check of an assertion against it."""

    KEPT = ("certificates", "federations", "issuers")

    def __init__(self, tenant_id: str, clock: Clock) -> None:
        self._tenant = tenant_id
        self._clock = clock
        self.certificates: defaultdict[str, list[bytes]] = defaultdict(list)
        """DER certificates by application ID."""
        self.federations: defaultdict[str, list[Federation]] = defaultdict(list)
        self.issuers: dict[str, dict[str, Any]] = {}
        """JSON Web Key Sets by issuer: the real service fetches them, here they are told."""

    def add_certificate(self, appid: str, pem: bytes) -> None:
        """Register a certificate (PEM, its public part) for an application.

        Raises ValueError for what is no certificate with an RSA key, or too many.
        """
        certificate = x509.load_pem_x509_certificate(pem)
        if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
            raise ValueError("the certificate's key is not an RSA key")
        _add(self.certificates[appid.lower()], certificate.public_bytes(Encoding.DER))

    def federate(self, appid: str, federation: Federation) -> None:
        """Let an issuer's subject sign in as an application; raises ValueError for too many."""
        _add(self.federations[appid.lower()], federation)

    def trust(self, issuer: str, keys: Mapping[str, Any]) -> None:
        """Tell the JSON Web Key Set (`{"keys": [...]}`) of an issuer.

        Raises ValueError for what is none.
        """
        try:
            jwt.PyJWKSet.from_dict(dict(keys))
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError):
            raise ValueError("these are no JSON Web Keys that can be used") from None
        self.issuers[issuer] = dict(keys)

    def forget(self, appid: str) -> None:
        """Forget what was registered for an application."""
        self.certificates.pop(appid.lower(), None)
        self.federations.pop(appid.lower(), None)

    def check(self, appid: str, assertion: str, hosts: Collection[str]) -> None:
        """Accept an assertion for an application, or raise AssertionRefused.

        `hosts` are the names under which the token endpoint is known: an assertion by
        certificate must be meant for a URL of the tenant at one of them.
        """
        try:
            header = jwt.get_unverified_header(assertion)
            claims = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise AssertionRefused(
                50027, "JWT token is invalid or malformed.", 400, "invalid_request"
            ) from None
        if str(claims.get("iss", "")).lower() == appid.lower():
            self._check_certificate(appid, assertion, header)
            self._check_self_issued(appid, claims, hosts)
        else:
            self._check_federation(appid, claims)
            self._check_issuer(assertion, header, str(claims.get("iss")))
        self._check_times(claims)

    def _check_certificate(self, appid: str, assertion: str, header: Mapping[str, Any]) -> None:
        der = self._certificate(appid, header)
        certificate = x509.load_der_x509_certificate(der)
        if certificate.not_valid_after_utc.timestamp() < self._clock.now():
            raise _signature("The key used is expired.")
        _check_signature(assertion, certificate.public_key())

    def _certificate(self, appid: str, header: Mapping[str, Any]) -> bytes:
        for der in self.certificates.get(appid.lower(), ()):
            if header.get("x5t") is not None:
                fits = _same(header["x5t"], hashlib.sha1(der, usedforsecurity=False).digest())
            else:
                fits = _same(header.get("x5t#S256", ""), hashlib.sha256(der).digest())
            if fits:
                return der
        raise AssertionRefused(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered "
            "on application. [Reason - The key was not found.]",
        )

    def _check_self_issued(
        self, appid: str, claims: Mapping[str, Any], hosts: Collection[str]
    ) -> None:
        if str(claims.get("sub", "")).lower() != appid.lower():
            raise AssertionRefused(
                700021,
                "Client assertion application identifier doesn't match 'client_id' parameter.",
            )
        audience = urlsplit(str(claims.get("aud", "")))
        tenant = audience.path.strip("/").partition("/")[0]
        if audience.netloc not in hosts or tenant.lower() != self._tenant.lower():
            raise AssertionRefused(
                700023, "Client assertion audience claim does not match Realm issuer."
            )

    def _check_federation(self, appid: str, claims: Mapping[str, Any]) -> None:
        held = self.federations.get(appid.lower(), [])
        issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
        of_issuer = [each for each in held if each.issuer == issuer]
        if not of_issuer:
            raise _no_match(700211, f"issuer '{issuer}'")
        of_subject = [each for each in of_issuer if each.subject == subject]
        if not of_subject and subject.lower() in {each.subject.lower() for each in of_issuer}:
            raise _no_match(
                7002138,
                f"subject '{subject}'. The subject matches with case-insensitive comparison, but "
                "not with case-sensitive comparison",
            )
        if not of_subject:
            raise _no_match(700213, f"subject '{subject}'")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not any(each.audience in audiences for each in of_subject):
            raise _no_match(700212, f"audience '{', '.join(map(str, audiences))}'")

    def _check_issuer(self, assertion: str, header: Mapping[str, Any], issuer: str) -> None:
        known = self.issuers.get(issuer)
        if known is None:
            raise AssertionRefused(
                90061, "Request to External OIDC endpoint failed.", 400, "invalid_request"
            )
        for key in jwt.PyJWKSet.from_dict(known).keys:
            if key.key_id == header.get("kid"):
                _check_signature(assertion, key.key)
                return
        raise _signature("The key was not found.")

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock.now()
        start, end = (_number(claims.get(name)) for name in ("nbf", "exp"))
        if end is None or end <= now - _SKEW or (start is not None and start > now + _SKEW):
            raise AssertionRefused(
                700024,
                "Client assertion is not within its valid time range. Current time: "
                f"{_utc(now)}, assertion valid from {_utc(start)}, expiry time of assertion "
                f"{_utc(end)}.",
            )


def _add(held: list[Any], item: Any) -> None:
    if len(held) >= _KEPT_PER_APPLICATION:
        raise ValueError("an application holds no more of these")
    held.append(item)


def _check_signature(assertion: str, key: Any) -> None:
    options: Any = {f"verify_{name}": False for name in ("aud", "exp", "nbf", "iat", "iss", "sub")}
    options["verify_jti"] = False
    try:
        jwt.decode(assertion, key, algorithms=_ALGORITHMS, options=options)
    except (jwt.PyJWTError, TypeError, ValueError):
        raise _signature(
            "The key was found, but use of the key to verify the signature failed."
        ) from None


def _signature(reason: str) -> AssertionRefused:
    return AssertionRefused(
        700027, f"Client assertion contains an invalid signature. [Reason - {reason}]"
    )


def _no_match(number: int, what: str) -> AssertionRefused:
    return AssertionRefused(
        number,
        f"No matching federated identity record found for presented assertion {what}. Check your "
        "federated identity credential Subject, Audience and Issuer against the presented "
        "assertion.",
    )


def _same(sent: object, digest: bytes) -> bool:
    """Compare a thumbprint in base64url, with or without its padding."""
    return str(sent).rstrip("=") == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _utc(seconds: float | None) -> str:
    if seconds is None or not 0 <= seconds < 2**33:
        return "unknown"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
