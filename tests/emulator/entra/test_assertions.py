"""Signing in without a secret: by certificate, and by another issuer's token."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.transport import AioHttpTransport
from azure.identity.aio import (
    CertificateCredential,
    ClientAssertionCredential,
    WorkloadIdentityCredential,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from azure_emulator.emulator import Emulator
from azure_emulator.entra.assertions import EXCHANGE_AUDIENCE, KIND, Federation
from azure_emulator.entra.directory import Principal
from emulator.conftest import Ask

ARM = "https://management.azure.com"
ISSUER = "https://oidc.example.org/cluster"
SUBJECT = "system:serviceaccount:aci:operator"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A private key and a certificate for it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def private_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + self.pem

    def thumbprint(self, header: str) -> str:
        digest = hashlib.sha1 if header == "x5t" else hashlib.sha256
        der = self.certificate.public_bytes(Encoding.DER)
        return base64.urlsafe_b64encode(digest(der).digest()).decode().rstrip("=")


@cache
def make_pair(name: str, days: int = 30) -> Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1)
    builder = builder.not_valid_before(now - 60 * DAY).not_valid_after(now + days * DAY)
    return Pair(key, builder.sign(key, hashes.SHA256()))


@pytest.fixture
async def azure() -> AsyncIterator[Emulator]:
    """An Azure on the machine's clock: Microsoft's clients date their assertions by it."""
    async with Emulator() as emulator:
        yield emulator


@pytest.fixture
def app(azure: Emulator) -> Principal:
    """An application with a certificate and a federated credential."""
    principal = azure.create_service_principal("aci-operator")
    assertions = azure.cloud.directory.assertions
    assertions.add_certificate(principal.appid, make_pair("app").pem)
    assertions.federate(principal.appid, Federation(ISSUER, SUBJECT))
    key = jwt.algorithms.RSAAlgorithm.to_jwk(make_pair("issuer").key.public_key(), as_dict=True)
    assertions.trust(ISSUER, {"keys": [{**key, "kid": "one", "use": "sig"}]})
    return principal


@pytest.fixture
def ask(azure: Emulator, http: aiohttp.ClientSession, app: Principal) -> Ask:
    """Ask for a token with an assertion."""

    async def post(assertion: str, **fields: str) -> tuple[int, Any]:
        form = {
            "grant_type": "client_credentials",
            "client_id": app.appid,
            "client_assertion": assertion,
            "client_assertion_type": KIND,
            "scope": f"{ARM}/.default",
        } | fields
        url = f"{azure.endpoints.active_directory}/{azure.settings.tenant_id}/oauth2/v2.0/token"
        async with http.post(url, data=form) as response:
            return response.status, await response.json()

    return post


Sign = Callable[..., str]


@pytest.fixture
def by_certificate(azure: Emulator, app: Principal) -> Sign:
    """Sign what a client with a certificate signs; claims may be replaced."""

    def sign(
        pair: Pair = make_pair("app"),  # noqa: B008
        *,
        algorithm: str = "PS256",
        header: str = "x5t#S256",
        named: str | None = None,
        **claims: Any,
    ) -> str:
        now = int(azure.clock.now())
        tenant = f"{azure.endpoints.active_directory}/{azure.settings.tenant_id}"
        whole = {
            "aud": f"{tenant}/oauth2/v2.0/token",
            "iss": app.appid,
            "sub": app.appid,
            "nbf": now,
            "exp": now + 600,
        } | claims
        headers = {header: named or pair.thumbprint(header)}
        return jwt.encode(whole, pair.key, algorithm=algorithm, headers=headers)

    return sign


@pytest.fixture
def by_issuer(azure: Emulator) -> Sign:
    """Sign what a cluster signs for a service account; claims may be replaced."""

    def sign(pair: Pair = make_pair("issuer"), *, kid: str = "one", **claims: Any) -> str:  # noqa: B008
        now = int(azure.clock.now())
        whole = {
            "aud": [EXCHANGE_AUDIENCE],
            "iss": ISSUER,
            "sub": SUBJECT,
            "nbf": now,
            "exp": now + 600,
        } | claims
        return jwt.encode(whole, pair.key, algorithm="RS256", headers={"kid": kid})

    return sign


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
@pytest.mark.parametrize("header", ["x5t", "x5t#S256"])
async def test_a_registered_certificate_signs_in(
    ask: Ask, by_certificate: Sign, algorithm: str, header: str
) -> None:
    status, body = await ask(by_certificate(algorithm=algorithm, header=header))
    assert (status, body["token_type"]) == (200, "Bearer")


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"pair": make_pair("stranger")}, (401, "invalid_client", 700027)),
        (
            {"pair": make_pair("stranger"), "named": make_pair("app").thumbprint("x5t#S256")},
            (401, "invalid_client", 700027),
        ),
        ({"sub": "somebody"}, (401, "invalid_client", 700021)),
        ({"aud": ARM}, (401, "invalid_client", 700023)),
        (
            {"aud": "https://login.microsoftonline.com/other/oauth2/v2.0/token"},
            (401, "invalid_client", 700023),
        ),
        ({"exp": 1}, (401, "invalid_client", 700024)),
        ({"exp": None}, (401, "invalid_client", 700024)),
        ({"nbf": 4_000_000_000}, (401, "invalid_client", 700024)),
    ],
)
async def test_what_is_refused_of_a_certificate(
    ask: Ask, by_certificate: Sign, how: Any, refusal: tuple[int, str, int]
) -> None:
    status, body = await ask(by_certificate(**how))
    assert (status, body["error"], body["error_codes"][0]) == refusal


async def test_an_assertion_for_another_host_is_refused(
    azure: Emulator, ask: Ask, by_certificate: Sign
) -> None:
    elsewhere = f"https://login.example.org/{azure.settings.tenant_id}/oauth2/v2.0/token"
    status, body = await ask(by_certificate(aud=elsewhere))
    assert (status, body["error_codes"]) == (401, [700023])


async def test_an_assertion_for_azures_own_address_is_taken(
    azure: Emulator, ask: Ask, by_certificate: Sign
) -> None:
    own = f"https://login.microsoftonline.com/{azure.settings.tenant_id}/oauth2/v2.0/token"
    assert (await ask(by_certificate(aud=own)))[0] == 200


async def test_an_expired_certificate_is_refused(
    azure: Emulator, app: Principal, ask: Ask, by_certificate: Sign
) -> None:
    old = make_pair("old", -1)
    azure.cloud.directory.assertions.add_certificate(app.appid, old.pem)
    status, body = await ask(by_certificate(old))
    assert (status, body["error_codes"]) == (401, [700027])
    assert "[Reason - The key used is expired.]" in body["error_description"]


async def test_a_registered_subject_of_another_issuer_signs_in(
    azure: Emulator, app: Principal, ask: Ask, by_issuer: Sign
) -> None:
    status, body = await ask(by_issuer())
    assert status == 200
    assert azure.cloud.directory.verify(body["access_token"], [ARM]).oid == app.oid


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"iss": "https://elsewhere"}, (401, "invalid_client", 700211)),
        ({"sub": "system:serviceaccount:aci:other"}, (401, "invalid_client", 700213)),
        ({"sub": SUBJECT.upper()}, (401, "invalid_client", 7002138)),
        ({"aud": "https://kubernetes.default.svc"}, (401, "invalid_client", 700212)),
        ({"exp": 1}, (401, "invalid_client", 700024)),
        ({"kid": "two"}, (401, "invalid_client", 700027)),
        ({"pair": make_pair("stranger")}, (401, "invalid_client", 700027)),
    ],
)
async def test_what_is_refused_of_another_issuer(
    ask: Ask, by_issuer: Sign, how: Any, refusal: tuple[int, str, int]
) -> None:
    status, body = await ask(by_issuer(**how))
    assert (status, body["error"], body["error_codes"][0]) == refusal


async def test_an_issuer_without_known_keys_cannot_be_asked(
    azure: Emulator, ask: Ask, by_issuer: Sign
) -> None:
    azure.cloud.directory.assertions.issuers.clear()
    status, body = await ask(by_issuer())
    assert (status, body["error"], body["error_codes"]) == (400, "invalid_request", [90061])


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"client_assertion": "no.jwt"}, 50027),
        ({"client_assertion_type": "saml"}, 70002),
        ({"client_assertion_type": ""}, 900144),
    ],
)
async def test_what_is_no_assertion_is_refused(
    ask: Ask, by_issuer: Sign, fields: dict[str, str], number: int
) -> None:
    assertion = fields.get("client_assertion", by_issuer())
    status, body = await ask(assertion, **fields)
    assert (status, body["error"], body["error_codes"]) == (400, "invalid_request", [number])


async def test_an_unsigned_assertion_is_refused(ask: Ask, by_issuer: Sign) -> None:
    claims = jwt.decode(by_issuer(), options={"verify_signature": False})
    status, body = await ask(jwt.encode(claims, "", algorithm="none", headers={"kid": "one"}))
    assert (status, body["error_codes"]) == (401, [700027])


def options(azure: Emulator, http: aiohttp.ClientSession) -> dict[str, Any]:
    return {
        "authority": azure.endpoints.active_directory,
        "transport": AioHttpTransport(session=http, session_owner=False),
        "disable_instance_discovery": True,
    }


async def test_microsofts_client_signs_in_with_a_certificate(
    azure: Emulator, http: aiohttp.ClientSession, app: Principal
) -> None:
    credential = CertificateCredential(
        azure.settings.tenant_id,
        app.appid,
        certificate_data=make_pair("app").private_pem,
        **options(azure, http),
    )
    async with credential:
        token = await credential.get_token(f"{ARM}/.default")
    assert azure.cloud.directory.verify(token.token, [ARM]).oid == app.oid


async def test_microsofts_client_signs_in_with_an_assertion(
    azure: Emulator, http: aiohttp.ClientSession, app: Principal, by_issuer: Sign
) -> None:
    credential = ClientAssertionCredential(
        azure.settings.tenant_id, app.appid, by_issuer, **options(azure, http)
    )
    async with credential:
        token = await credential.get_token(f"{ARM}/.default")
    assert azure.cloud.directory.verify(token.token, [ARM]).oid == app.oid


async def test_microsofts_client_signs_in_with_a_service_accounts_token(
    azure: Emulator, http: aiohttp.ClientSession, app: Principal, by_issuer: Sign, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(by_issuer())
    credential = WorkloadIdentityCredential(
        tenant_id=azure.settings.tenant_id,
        client_id=app.appid,
        token_file_path=str(file),
        **options(azure, http),
    )
    async with credential:
        token = await credential.get_token(f"{ARM}/.default")
    assert azure.cloud.directory.verify(token.token, [ARM]).oid == app.oid


async def test_microsofts_client_says_what_entra_refused(
    azure: Emulator, http: aiohttp.ClientSession, app: Principal
) -> None:
    credential = CertificateCredential(
        azure.settings.tenant_id,
        app.appid,
        certificate_data=make_pair("stranger").private_pem,
        **options(azure, http),
    )
    async with credential:
        with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
            await credential.get_token(f"{ARM}/.default")


async def test_a_removed_application_leaves_nothing_registered(
    azure: Emulator, app: Principal
) -> None:
    azure.cloud.directory.remove(app.oid)
    assertions = azure.cloud.directory.assertions
    assert (dict(assertions.certificates), dict(assertions.federations)) == ({}, {})


def test_what_cannot_be_registered_is_refused(azure: Emulator) -> None:
    assertions = azure.cloud.directory.assertions
    with pytest.raises(ValueError, match=r"PEM|pem"):
        assertions.add_certificate("a", b"nothing")
    with pytest.raises(ValueError, match="no JSON Web Keys"):
        assertions.trust(ISSUER, {"keys": "none"})
