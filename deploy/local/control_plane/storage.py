"""What is asked of etcd itself, through its JSON gateway."""

from __future__ import annotations

import http.client
import json
import ssl
from pathlib import Path
from typing import Any

from control_plane.errors import ControlPlaneError

_ANY_KEY = "AA=="  # base64 of the smallest one


def compact(port: int, pki: Path) -> int:
    """Drop every version but the current one, on disk too; give the revision that is left.

    `pki`: the folder with `etcd-ca` and `etcd-client`. Raises ControlPlaneError.
    """
    revision = int(_ask(port, pki, "range", {"key": _ANY_KEY, "limit": 1})["header"]["revision"])
    _ask(port, pki, "compaction", {"revision": revision, "physical": True})
    return revision


def _ask(port: int, pki: Path, what: str, body: dict[str, Any]) -> dict[str, Any]:
    context = ssl.create_default_context(cafile=str(pki / "etcd-ca.crt"))
    context.load_cert_chain(pki / "etcd-client.crt", pki / "etcd-client.key")
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
    try:
        connection.request("POST", f"/v3/kv/{what}", json.dumps(body))
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise ControlPlaneError(f"etcd answered {answer.status} to {what}: {content[:200]!r}")
        found: dict[str, Any] = json.loads(content)
        return found
    finally:
        connection.close()
