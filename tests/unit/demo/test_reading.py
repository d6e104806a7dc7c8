"""What the demo reads out of answers."""

from __future__ import annotations

import jwt
import pytest

from demo.azure import Call, shortened
from demo.cluster import why_not_ready
from demo.container import claims
from demo.steps.deletion import new_since

GROUP = "/subscriptions/0/resourceGroups/rg"


@pytest.mark.parametrize(
    ("path", "short"),
    [
        (f"{GROUP}?api-version=1", "resourceGroups/rg"),
        (f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/a", "containerGroups/a"),
        (
            f"{GROUP}/providers/Microsoft.KeyVault/vaults/v/accessPolicies/add",
            "vaults/v/accessPolicies/add",
        ),
        ("/secrets/SampleSecret?api-version=7.6", "secrets/SampleSecret"),
    ],
)
def test_a_path_is_shown_without_what_all_have_in_common(path: str, short: str) -> None:
    assert shortened(path) == short


@pytest.mark.parametrize(
    ("surface", "method", "writes"),
    [
        ("arm", "PUT", True),
        ("vault", "DELETE", True),
        ("arm", "GET", False),
        ("entra", "POST", False),
    ],
)
def test_a_sign_in_is_no_write(surface: str, method: str, writes: bool) -> None:
    assert Call(surface, method, "/", 200).writes is writes


def test_the_oid_is_read_from_a_token() -> None:
    token = jwt.encode({"oid": "1234"}, "a key of thirty-two bytes or more")
    assert claims(token)["oid"] == "1234"


def test_what_was_held_before_is_not_new() -> None:
    before = {"roles": ["owner"], "vaults": []}
    now = {"roles": ["owner"], "vaults": ["v"]}
    assert new_since(before, now) == {"vaults": ["v"]}


def test_an_object_that_is_not_ready_says_why() -> None:
    condition = {"type": "Ready", "status": "False", "reason": "Waiting", "message": "For a vault."}
    assert why_not_ready({"status": {"conditions": [condition]}}) == "Waiting: For a vault."


def test_an_object_without_status_is_not_ready() -> None:
    assert why_not_ready({}) == "no Ready condition"


def test_a_ready_object_says_nothing() -> None:
    assert why_not_ready({"status": {"conditions": [{"type": "Ready", "status": "True"}]}}) == ""
