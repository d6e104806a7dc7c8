"""Kubeconfig files, written as JSON, which is YAML too."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from control_plane.certificates import Pair, write_private

_NAME = "aci-operator"


def certificate_user(pair: Pair) -> dict[str, str]:
    """Give the `user` entry of somebody with a client certificate."""
    return {
        "client-certificate-data": _encoded(pair.certificate),
        "client-key-data": _encoded(pair.key),
    }


def write(path: Path, cluster: Mapping[str, object], user: Mapping[str, object]) -> Path:
    """Write a kubeconfig with one context, readable by its owner alone, and give its path."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": _NAME,
        "clusters": [{"name": _NAME, "cluster": dict(cluster)}],
        "users": [{"name": _NAME, "user": dict(user)}],
        "contexts": [{"name": _NAME, "context": {"cluster": _NAME, "user": _NAME}}],
    }
    write_private(path, json.dumps(content, indent=2).encode())
    return path


def cluster_entry(url: str, authority: bytes) -> dict[str, object]:
    """Give the `cluster` entry for a URL and a CA certificate."""
    return {"server": url, "certificate-authority-data": _encoded(authority)}


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
