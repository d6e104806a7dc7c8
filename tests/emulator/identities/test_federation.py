"""Federated credentials of an identity."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.assertions import Federation
from emulator.conftest import Answer, Ask, Client
from emulator.containers.builders import IDENTITIES

ONE = f"{IDENTITIES}/my-id"
SHOWN = ONE.replace("resourceGroups", "resourcegroups") + "/federatedIdentityCredentials"
VERSION = "2024-11-30"
BODY = {"issuer": "https://issuer", "subject": "system:x", "audiences": ["api://exchange"]}


@pytest.fixture
async def call(arm: Client, group: str) -> Ask:
    """Call the credentials of an identity that exists: `await call("PUT", "name", properties)`."""
    await arm("PUT", ONE, VERSION, {"location": "westus"})

    async def send(method: str, name: str = "", properties: Any = None) -> Answer:
        path = f"{ONE}/federatedIdentityCredentials/{name}".rstrip("/")
        return await arm(method, path, VERSION, properties and {"properties": properties})

    return send


def appid(azure: Emulator) -> str:
    identity = azure.cloud.identities.find(ONE)
    assert identity is not None
    return identity.principal.appid


async def test_a_credential_is_made_shown_and_counts_for_sign_in(
    azure: Emulator, call: Ask
) -> None:
    made = await call("PUT", "one", BODY)
    assert (made.status, made.body) == (
        201,
        {
            "id": f"{SHOWN}/one",
            "name": "one",
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
            "properties": BODY,
        },
    )
    assert (await call("GET", "ONE")).body == made.body
    assert (await call("GET")).body == {"value": [made.body]}
    federations = azure.cloud.directory.assertions.federations
    assert federations[appid(azure)] == [Federation("https://issuer", "system:x", "api://exchange")]


async def test_a_second_put_replaces(azure: Emulator, call: Ask) -> None:
    await call("PUT", "one", BODY)
    assert (await call("PUT", "One", {**BODY, "subject": "other"})).status == 200
    federations = azure.cloud.directory.assertions.federations
    assert [each.subject for each in federations[appid(azure)]] == ["other"]


async def test_a_deleted_credential_signs_nobody_in(azure: Emulator, call: Ask) -> None:
    await call("PUT", "one", BODY)
    statuses = [(await call("DELETE", "one")).status for _ in range(2)]
    assert statuses == [200, 204]
    assert azure.cloud.directory.assertions.federations[appid(azure)] == []
    assert (await call("GET", "one")).status == 404


@pytest.mark.parametrize(
    "change",
    [{"issuer": ""}, {"subject": None}, {"audiences": []}, {"audiences": ["a", "b"]}],
)
async def test_what_is_no_credential_is_refused(call: Ask, change: dict[str, Any]) -> None:
    answer = await call("PUT", "one", {**BODY, **change})
    assert (answer.status, answer.code) == (400, "BadRequest")


async def test_the_same_credential_under_another_name_is_refused(call: Ask) -> None:
    await call("PUT", "one", BODY)
    assert (await call("PUT", "two", BODY)).status == 400


async def test_an_identity_holds_twenty(call: Ask) -> None:
    statuses = [
        (await call("PUT", f"n{number}", {**BODY, "subject": str(number)})).status
        for number in range(21)
    ]
    assert statuses == [201] * 20 + [400]


async def test_credentials_go_with_their_identity(azure: Emulator, arm: Client, call: Ask) -> None:
    await call("PUT", "one", BODY)
    await arm("DELETE", ONE, VERSION)
    assert dict(azure.cloud.directory.assertions.federations) == {}
    assert (await call("GET", "one")).code == "ResourceNotFound"
