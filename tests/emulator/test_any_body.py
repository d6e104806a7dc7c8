"""No body makes ARM fail: it is taken, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_emulator.emulator import Emulator
from azure_emulator.exchange import Incoming
from azure_emulator.server import ResourceManager
from emulator.conftest import GROUP, SUBSCRIPTION

ROLE = "/providers/Microsoft.Authorization/roleAssignments/88888888-0000-0000-0000-000000000001"
IDENTITY = "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity"
PLACES = [
    (f"{SUBSCRIPTION}/resourceGroups/other", "2025-04-01"),
    (GROUP + IDENTITY, "2024-11-30"),
    (GROUP + ROLE, "2022-04-01"),
]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
MEMBERS = st.sampled_from(
    [
        "location",
        "tags",
        "properties",
        "managedBy",
        "principalId",
        "roleDefinitionId",
        "principalType",
        "description",
        "condition",
    ]
)
GOOD = st.sampled_from(
    ["westus", {"a": "1"}, "ServicePrincipal", "acdd72a7-3385-48ef-bd42-f606fba81ae7"]
)
FLAT = st.dictionaries(MEMBERS, VALUES | GOOD, max_size=6)
BODIES = st.dictionaries(MEMBERS, VALUES | GOOD | FLAT, max_size=6) | VALUES


def send(front: ResourceManager, token: str, method: str, path: str, body: Any) -> int:
    """Put a request through ARM without a network: its handlers never wait."""
    place, _, version = path.partition("?")
    headers = {"Authorization": f"Bearer {token}"}
    raw = json.dumps(body).encode()
    incoming = Incoming(method, place, {"api-version": version}, headers, raw, "https://x")
    try:
        front.answer(incoming).send(None)
    except StopIteration as stop:
        json.dumps(stop.value.body)
        return int(stop.value.status)
    raise AssertionError("a handler waited")


@pytest.fixture(scope="module")
def front() -> tuple[ResourceManager, str]:
    azure = Emulator()
    owner = azure.create_service_principal("owner")
    azure.assign_role(owner.oid, "Owner", SUBSCRIPTION)
    manager, token = ResourceManager(azure.cloud), azure.token(owner)
    assert send(manager, token, "PUT", f"{GROUP}?2025-04-01", {"location": "westus"}) == 201
    return manager, token


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "DELETE"])
@pytest.mark.parametrize(("path", "version"), PLACES, ids=["group", "identity", "role"])
@settings(max_examples=50, deadline=None)
@given(body=BODIES)
def test_any_body_is_taken_or_refused(
    front: tuple[ResourceManager, str], method: str, path: str, version: str, body: Any
) -> None:
    manager, token = front
    assert send(manager, token, method, f"{path}?{version}", body) < 500
