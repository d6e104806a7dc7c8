"""Answers of any shape: each call gives JSON objects or an error of ours, never another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from aci_operator.azure.errors import AzureError, Unauthenticated
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body
from integration.azure.conftest import Open
from integration.azure.stand_in import StandIn

GROUP = "/subscriptions/s/resourceGroups/g"
CONTAINER_GROUP = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/c"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/v"
ASSIGNMENT = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/a"

CALLS: dict[str, Callable[[Session, str], Awaitable[Any]]] = {
    "group": lambda session, _: session.resource_groups.get(GROUP),
    "group delete": lambda session, _: session.resource_groups.delete(GROUP),
    "resources": lambda session, _: session.resource_groups.resources(GROUP),
    "identity": lambda session, _: session.identities.get(IDENTITY),
    "vault": lambda session, _: session.vaults.get(VAULT),
    "vault create": lambda session, _: session.vaults.create(VAULT, {}),
    "policies": lambda session, _: session.vaults.add_policies(VAULT, []),
    "deleted": lambda session, _: session.vaults.find_deleted("s", "eastus", "v"),
    "container group": lambda session, _: session.container_groups.get(CONTAINER_GROUP),
    "put": lambda session, _: session.container_groups.put(CONTAINER_GROUP, group_body()),
    "delete": lambda session, _: session.container_groups.delete(CONTAINER_GROUP),
    "restart": lambda session, _: session.container_groups.restart(CONTAINER_GROUP),
    "assignment": lambda session, _: session.role_assignments.get(ASSIGNMENT),
    "secret": lambda session, url: session.secrets(url).set("s", "v"),
    "secrets": lambda session, url: session.secrets(url).list(),
}
SHAPES: tuple[Any, ...] = (
    b"",
    b"null",
    b"{",
    b"<a/>",
    b"\xff\xfe",
    b'"text"',
    b"1",
    [],
    {"properties": None},
    {"properties": []},
    {"properties": "x"},
    {"properties": {"accessPolicies": {}}},
    {"properties": {"containers": [1, None]}, "identity": "x", "tags": ["a"]},
    {"properties": {"createdOn": "yesterday", "instanceView": {"events": "x"}}},
    {"value": [None]},
    {"value": [{"id": 1}]},
    {"value": [{"id": "x"}], "nextLink": 5},
    {"id": "https://"},
    {"error": {"code": 5, "message": ["x"], "innererror": "y", "details": 3}},
    {"error": {"code": None, "message": None, "innererror": {"code": {}}}},
)


@pytest.mark.parametrize("status", [200, 202, 204, 400, 404, 500])
@pytest.mark.parametrize("call", CALLS)
async def test_any_answer_is_understood_or_an_error_of_ours(
    azure: Emulator, open_session: Open, call: str, status: int
) -> None:
    server = StandIn(azure)
    session = await open_session(resource_manager=server.url)
    for shape in SHAPES:
        server.answers.clear()
        for _ in range(2):
            server.say(shape, status, Content_Type="text/xml" if shape == b"<a/>" else "text/json")
        try:
            answer = await CALLS[call](session, server.url)
        except AzureError:
            continue
        assert answer is None or isinstance(answer, (dict, list))


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "shape",
    [
        *SHAPES,
        {"access_token": 1, "expires_in": 3600},
        {"access_token": "a\r\nb", "expires_in": 3600},
        {"access_token": "x", "expires_in": "soon"},
        {"access_token": "x"},
        {"expires_in": 3600},
        {"error": []},
        {"error": "invalid_client", "error_description": 5},
    ],
)
async def test_any_answer_of_entra_is_a_token_or_an_error_of_ours(
    azure: Emulator, open_session: Open, shape: Any, status: int
) -> None:
    server = StandIn(azure)
    session = await open_session(active_directory=server.url)
    for _ in range(2):
        server.say(shape, status)
    with pytest.raises(AzureError):
        await session.principal_id()
    with pytest.raises(AzureError):
        await session.resource_groups.get(GROUP)


async def test_a_token_without_a_principal_is_named(azure: Emulator, open_session: Open) -> None:
    server = StandIn(azure)
    session = await open_session(active_directory=server.url)
    server.say({"access_token": "canary-token", "expires_in": 3600})
    with pytest.raises(Unauthenticated) as caught:
        await session.principal_id()
    assert (caught.value.code, "canary" in repr(caught.value)) == ("TokenWithoutPrincipal", False)
