"""The certificates and keys of one throw-away control plane."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = datetime.timedelta(days=7)
_SKEW = datetime.timedelta(minutes=5)
HOSTS = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
"""The names that serving certificates carry beside 127.0.0.1."""


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def write(self, folder: Path, name: str) -> None:
        """Write `NAME.crt` and `NAME.key`, the key readable by its owner alone."""
        (folder / f"{name}.crt").write_bytes(self.certificate)
        write_private(folder / f"{name}.key", self.key)


class Authority:
    """A certificate authority with an elliptic key."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self._certificate = certificate
        self._key = key

    @classmethod
    def create(cls, name: str) -> Authority:
        """Make a new authority, good for a week."""
        key = new_key()
        owner = subject(name, ())
        builder = _builder(owner, owner, key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        usage = _usage(signs_certificates=True)
        builder = builder.add_extension(usage, critical=True)
        return cls(builder.sign(key, hashes.SHA256()), key)

    @classmethod
    def load(cls, folder: Path, name: str) -> Authority:
        """Read an authority that `pair.write(folder, name)` wrote."""
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
        key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{name}.key is not an elliptic key")
        return cls(certificate, key)

    @property
    def pair(self) -> Pair:
        """Give the authority's own certificate and key."""
        return Pair(_certificate_pem(self._certificate), key_pem(self._key))

    def sign(self, user: str, groups: Sequence[str] = ()) -> Pair:
        """Issue a client certificate: Kubernetes reads CN as the user and each O as a group."""
        return self._issue(subject(user, groups), ExtendedKeyUsageOID.CLIENT_AUTH)

    def sign_server(self, name: str) -> Pair:
        """Issue a serving certificate for 127.0.0.1 and HOSTS."""
        return self._issue(subject(name, ()), ExtendedKeyUsageOID.SERVER_AUTH)

    def sign_peer(self, name: str) -> Pair:
        """Issue a serving certificate that also calls: etcd's own gateway calls etcd with it."""
        purposes = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
        return self._issue(subject(name, ()), *purposes)

    def _issue(self, owner: x509.Name, *purposes: x509.ObjectIdentifier) -> Pair:
        key = new_key()
        names = [x509.DNSName(host) for host in HOSTS]
        loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = _builder(owner, self._certificate.subject, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        if ExtendedKeyUsageOID.SERVER_AUTH in purposes:
            builder = builder.add_extension(x509.SubjectAlternativeName([*names, loopback]), False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(issuer, critical=False)
        return Pair(_certificate_pem(builder.sign(self._key, hashes.SHA256())), key_pem(key))


def new_key() -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def new_token_key() -> rsa.RSAPrivateKey:
    """Make a key for ServiceAccounts' tokens: RSA as everywhere, since Entra takes RS256 alone."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    """Give a private key in the form that every program of a control plane reads."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def public_key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    """Give the public half of a key."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def subject(common_name: str, organizations: Sequence[str]) -> x509.Name:
    """Give a subject that Kubernetes reads as a user and groups."""
    return x509.Name(
        [
            *(x509.NameAttribute(NameOID.ORGANIZATION_NAME, name) for name in organizations),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.touch(mode=0o600)
    path.write_bytes(content)


def _builder(
    owner: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(owner)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
