"""The article's two examples, and a group with both kinds of identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demo.container import Token, read_sample, take_token
from demo.expectation import expect
from demo.scene import Scene
from demo.web import has_curl

_PRINCIPALS = (
    "NAME:.metadata.name,SYSTEM:.status.identity.principalId,"
    "USER:.status.identity.userAssigned[*].principalId"
)
"""`-o wide` shows principal IDs, too, but after it ARM IDs that are too long for a terminal."""


def user_assigned(scene: Scene) -> None:
    """Example 1: a group with a user-assigned identity that may read the vault's secrets."""
    scene.narrator.step("Example 1: a container group with a user-assigned identity")
    scene.narrator.remark(
        "samples is a copy of deploy/samples that names the emulated Azure in base/account.yaml"
    )
    _apply(scene, "example-1-user-assigned")
    scene.cluster.show("get", "aciid")
    identity = scene.cluster.get("userassignedidentity/my-aci-id")["status"]
    scene.narrator.step("Inside its container: a token for that identity, and the secret")
    if not has_curl():
        scene.narrator.remark("this machine has no curl: Python sends the requests shown here")
    token = take_token(scene, "mycontainer", identity["clientId"])
    _expect_oid(scene, token, "aciid/my-aci-id, .status.principalId", identity["principalId"])
    reported = _identity(scene, "mycontainer")["userAssigned"][0]["principalId"]
    expect("the principal ID that the group reports", token.oid, reported)
    read_sample(scene, token)


def system_assigned(scene: Scene) -> None:
    """Example 2: a group with a system-assigned identity that may read the vault's secrets."""
    scene.narrator.step("Example 2: a container group with a system-assigned identity")
    _apply(scene, "example-2-system-assigned")
    scene.narrator.step("Inside its container: a token without naming an identity, and the secret")
    _read_as_system(scene, "mycontainer-system")


def both(scene: Scene) -> None:
    """A group with a system-assigned and a user-assigned identity: each reads the secret."""
    scene.narrator.step("A container group with both kinds of identity")
    _apply(scene, "both-identities")
    scene.narrator.step("Inside its container: the secret with the one identity")
    _read_as_system(scene, "mycontainer-both")
    scene.narrator.step("Inside its container: the secret with the other identity")
    identity = scene.cluster.get("userassignedidentity/my-second-id")["status"]
    token = take_token(scene, "mycontainer-both", identity["clientId"])
    _expect_oid(scene, token, "aciid/my-second-id, .status.principalId", identity["principalId"])
    read_sample(scene, token)


def overview(scene: Scene) -> None:
    """All objects of the namespace."""
    scene.narrator.step("All that there is now")
    scene.cluster.show("get", "aci")


def _apply(scene: Scene, sample: str) -> None:
    scene.cluster.show("apply", "-k", str(scene.samples / sample))
    scene.cluster.wait_ready()
    scene.cluster.show("get", "acig,acikva")
    scene.cluster.show("get", "acig", "-o", f"custom-columns={_PRINCIPALS}")


def _read_as_system(scene: Scene, group: str) -> None:
    principal = _identity(scene, group)["principalId"]
    token = take_token(scene, group)
    _expect_oid(scene, token, f"acig/{group}, .status.identity.principalId", principal)
    read_sample(scene, token)


def _identity(scene: Scene, group: str) -> Mapping[str, Any]:
    return dict(scene.cluster.get(f"containergroup/{group}")["status"]["identity"])


def _expect_oid(scene: Scene, token: Token, where: str, principal: object) -> None:
    expect(f"the token's oid ({where})", principal, token.oid)
    scene.narrator.remark(f"the token's oid is {token.oid}, as {where} says")
