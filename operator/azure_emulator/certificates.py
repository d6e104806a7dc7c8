"""The emulator's own certificate authority, and the certificates that it shows."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAYS = 30
_CURVE = ec.SECP256R1()
_KEPT = 256
_OWN_NAMES = (
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
)


class Authority:
    """A CA made anew for one emulator, its private key held in memory only.

    Writes `ca.pem`, for clients to trust, into the directory. What it signs is for servers:
    127.0.0.1, ::1 and localhost, and names asked for one by one.
    """

    def __init__(self, directory: Path) -> None:
        self._key, self._certificate = _authority()
        self._directory = directory
        self._by_name: OrderedDict[str, ssl.SSLContext] = OrderedDict()
        self.ca_file = directory / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def own_context(self) -> ssl.SSLContext:
        """Make the TLS context of a server on the loopback addresses."""
        return self._context("Azure emulator", _OWN_NAMES)

    def context_for(self, host: str) -> ssl.SSLContext:
        """Give the TLS context of a server with one DNS name; the last 256 are kept.

        Raises ValueError for what is no DNS name.
        """
        known = self._by_name.get(host)
        if known is None:
            known = self._context(host[:64], [x509.DNSName(host)])
            self._by_name[host] = known
            if len(self._by_name) > _KEPT:
                self._by_name.popitem(last=False)
        self._by_name.move_to_end(host)
        return known

    def _context(self, name: str, names: Sequence[x509.GeneralName]) -> ssl.SSLContext:
        """Sign a new key; it lies in a file of mode 0600 only while Python reads it."""
        key = ec.generate_private_key(_CURVE)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        signed = self._leaf(key, name, names).public_bytes(serialization.Encoding.PEM)
        path = self._directory / f".server-{os.getpid()}.pem"
        path.unlink(missing_ok=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(private + signed)
            context.load_cert_chain(path)
        finally:
            path.unlink(missing_ok=True)
        return context

    def _leaf(
        self, key: ec.EllipticCurvePrivateKey, name: str, names: Sequence[x509.GeneralName]
    ) -> x509.Certificate:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            _builder(_name(name), self._certificate.subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(authority, critical=False)
        )
        return builder.sign(self._key, hashes.SHA256())


def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(_CURVE)
    name = _name("Azure emulator CA")
    builder = (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return key, builder.sign(key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
