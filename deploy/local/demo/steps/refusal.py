"""An identity alone opens nothing."""

from __future__ import annotations

from demo.cluster import MANIFESTS
from demo.container import read_secret, take_token
from demo.expectation import expect
from demo.scene import Scene

_REFUSED = (403, "Forbidden", "ForbiddenByPolicy")


def without_grant(scene: Scene) -> None:
    """A group whose identity has no access: its token is good, the vault refuses it."""
    scene.narrator.step("A group with an identity but without a KeyVaultAccess is refused")
    scene.cluster.show("apply", "-f", str(MANIFESTS / "without-grant.yaml"))
    scene.cluster.wait_ready("containergroup/mycontainer-denied")
    answer = read_secret(scene, take_token(scene, "mycontainer-denied"))
    error = answer.body.get("error", {})
    seen = (answer.status, error.get("code"), error.get("innererror", {}).get("code"))
    expect("status, code and inner code of the vault's answer", _REFUSED, seen)
    scene.narrator.remark(f"HTTP {seen[0]}, {seen[1]}, innererror {seen[2]}")
