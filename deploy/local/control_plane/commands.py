"""The command lines of a control plane's processes, and the files they read."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from control_plane import certificates, kubeconfig
from control_plane.certificates import Authority
from control_plane.programs import Programs

CONTROLLERS = (
    "certificatesigningrequest-signing-controller",
    "clusterrole-aggregation-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "root-ca-certificate-publisher-controller",
    "serviceaccount-controller",
)
"""What a cluster without nodes needs: everything else would watch objects nobody makes."""


@dataclass(frozen=True)
class Layout:
    """The files of one control plane, below one private folder."""

    work: Path

    @property
    def pki(self) -> Path:
        """Give the folder of keys and certificates."""
        return self.work / "pki"

    @property
    def admin(self) -> Path:
        """Give the administrator's kubeconfig."""
        return self.work / "admin.kubeconfig"

    @property
    def audit_policy(self) -> Path:
        """Give the file that says what is audited."""
        return self.work / "audit-policy.json"

    @property
    def audit(self) -> Path:
        """Give the audit log: one JSON event a line."""
        return self.work / "audit.log"


class Ports:
    """Free ports on loopback that nobody else can take.

    Each stays bound here, not listening, while the server binds it too with SO_REUSEPORT; Linux
    gives no port that is bound so to anyone who asks for a free one.
    """

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def take(self) -> int:
        """Reserve a port."""
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._held.append(held)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port

    def close(self) -> None:
        """Let all ports go."""
        for held in self._held:
            held.close()


def write_keys(layout: Layout, url: str) -> None:
    """Make every key, certificate and the administrator's kubeconfig.

    etcd has an authority of its own, so no certificate made for a Kubernetes user opens it.
    """
    layout.pki.mkdir(mode=0o700)
    authority = Authority.create("aci-operator control plane")
    authority.pair.write(layout.pki, "ca")
    authority.sign_server("kube-apiserver").write(layout.pki, "apiserver")
    storage = Authority.create("aci-operator etcd")
    storage.pair.write(layout.pki, "etcd-ca")
    storage.sign_peer("etcd").write(layout.pki, "etcd")
    storage.sign("kube-apiserver").write(layout.pki, "etcd-client")
    tokens = certificates.new_token_key()
    certificates.write_private(layout.pki / "tokens.key", certificates.key_pem(tokens))
    (layout.pki / "tokens.pub").write_bytes(certificates.public_key_pem(tokens))
    admin = authority.sign("admin", ["system:masters"])
    admin.write(layout.pki, "admin")
    cluster = kubeconfig.cluster_entry(url, authority.pair.certificate)
    kubeconfig.write(layout.admin, cluster, kubeconfig.certificate_user(admin))


def write_audit_policy(layout: Layout) -> None:
    """Have the requests of ServiceAccounts audited, without bodies, and nobody else's."""
    rules = [{"level": "Metadata", "userGroups": ["system:serviceaccounts"]}, {"level": "None"}]
    policy = {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "rules": rules,
    }
    layout.audit_policy.write_text(json.dumps(policy))


def etcd(programs: Programs, layout: Layout, client_port: int, peer_port: int) -> Sequence[str]:
    """Give etcd's command line; it does not wait for the disk, as its data is thrown away."""
    client, peer = f"https://127.0.0.1:{client_port}", f"http://127.0.0.1:{peer_port}"
    return [
        str(programs.etcd),
        f"--data-dir={layout.work / 'etcd'}",
        "--unsafe-no-fsync",
        "--socket-reuse-port",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--client-cert-auth",
        f"--trusted-ca-file={layout.pki / 'etcd-ca.crt'}",
        f"--cert-file={layout.pki / 'etcd.crt'}",
        f"--key-file={layout.pki / 'etcd.key'}",
        "--log-level=warn",
    ]


def apiserver(programs: Programs, layout: Layout, port: int, etcd_port: int) -> Sequence[str]:
    """Give kube-apiserver's command line."""
    pki = layout.pki
    return [
        str(programs.apiserver),
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        "--permit-port-sharing",
        "--endpoint-reconciler-type=none",  # it refuses to announce a loopback address
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        # As OpenShift has it: who makes an object that holds its owner back needs a right on that.
        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
        f"--etcd-servers=https://127.0.0.1:{etcd_port}",
        f"--etcd-cafile={pki / 'etcd-ca.crt'}",
        f"--etcd-certfile={pki / 'etcd-client.crt'}",
        f"--etcd-keyfile={pki / 'etcd-client.key'}",
        f"--client-ca-file={pki / 'ca.crt'}",
        f"--tls-cert-file={pki / 'apiserver.crt'}",
        f"--tls-private-key-file={pki / 'apiserver.key'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={pki / 'tokens.pub'}",
        f"--service-account-signing-key-file={pki / 'tokens.key'}",
        f"--audit-policy-file={layout.audit_policy}",
        f"--audit-log-path={layout.audit}",
    ]


def controllers(programs: Programs, layout: Layout) -> Sequence[str]:
    """Give kube-controller-manager's command line; it listens nowhere."""
    return [
        str(programs.controllers),
        f"--kubeconfig={layout.admin}",
        f"--controllers={','.join(CONTROLLERS)}",
        "--leader-elect=false",
        "--secure-port=0",
        f"--root-ca-file={layout.pki / 'ca.crt'}",
        f"--service-account-private-key-file={layout.pki / 'tokens.key'}",
        f"--cluster-signing-cert-file={layout.pki / 'ca.crt'}",
        f"--cluster-signing-key-file={layout.pki / 'ca.key'}",
    ]
