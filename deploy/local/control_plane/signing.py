"""Client certificates from a cluster whose authority is not ours."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from control_plane import certificates
from control_plane.certificates import Pair
from control_plane.errors import ControlPlaneError
from control_plane.kubectl import Kubectl

_SIGNED_WITHIN = 30.0


def ask_cluster(client: Kubectl, admin: Path, user: str, groups: Sequence[str]) -> Pair:
    """Have a cluster sign a client certificate, by a request that the administrator approves.

    The request is removed afterwards. Raises KubectlError when a step is refused, and
    ControlPlaneError when nothing signs it for 30 s.
    """
    key = certificates.new_key()
    request = x509.CertificateSigningRequestBuilder(certificates.subject(user, groups))
    wanted = request.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    name = f"aci-operator-{secrets.token_hex(8)}"
    client.run(["create", "-f", "-"], admin, json.dumps(_request(name, wanted)))
    try:
        client.run(["certificate", "approve", name], admin)
        signed = _await_certificate(client, admin, name)
    finally:
        client.run(["delete", "csr", name, "--wait=false"], admin)
    return Pair(signed, certificates.key_pem(key))


def _request(name: str, wanted: bytes) -> dict[str, object]:
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": name},
        "spec": {
            "request": base64.b64encode(wanted).decode(),
            "signerName": "kubernetes.io/kube-apiserver-client",
            "usages": ["client auth"],
        },
    }


def _await_certificate(client: Kubectl, admin: Path, name: str) -> bytes:
    give_up = time.monotonic() + _SIGNED_WITHIN
    show = ["get", "csr", name, "-o", "jsonpath={.status.certificate}"]
    while time.monotonic() < give_up:
        if signed := client.run(show, admin).stdout:
            return base64.b64decode(signed)
        time.sleep(0.2)
    raise ControlPlaneError(f"the cluster did not sign {name} within {_SIGNED_WITHIN:.0f} s")
