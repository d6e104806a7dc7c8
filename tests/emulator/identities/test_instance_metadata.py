from __future__ import annotations

from typing import Any

import aiohttp
import jwt
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.settings import Settings
from emulator.conftest import GROUP, NOON, Ask, Client

VAULT = "https://vault.azure.net"
CONTAINERS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
TOKEN = "/metadata/identity/oauth2/token"


@pytest.fixture
def settings() -> Settings:
    return Settings(identity_endpoint_delay=0)


@pytest.fixture
def identity(arm: Client, group: str) -> Ask:
    async def make(name: str) -> Any:
        answer = await arm("PUT", f"{IDENTITIES}/{name}", "2024-11-30", {"location": "westus"})
        return answer.body

    return make


@pytest.fixture
def run(azure: Emulator, arm: Client, group: str) -> Ask:
    """Run a container group with an identity block, until it is up."""

    async def start(identity: Any) -> Any:
        requests = {"cpu": 1, "memoryInGB": 1}
        container = {"image": "nginx", "resources": {"requests": requests}}
        body = {
            "location": "westus",
            "properties": {
                "osType": "Linux",
                "containers": [{"name": "app", "properties": container}],
            },
        }
        if identity:
            body["identity"] = identity
        answer = await arm("PUT", CONTAINERS, "2023-05-01", body)
        assert answer.status == 201, answer.body
        azure.clock.advance(60)
        return answer.body.get("identity", {})

    return start


@pytest.fixture
def ask(azure: Emulator) -> Ask:
    """Ask the endpoint as the article's curl does."""

    async def get(
        path: str = TOKEN, metadata: str | None = "true", method: str = "GET", **query: Any
    ) -> tuple[int, Any]:
        query = {"api-version": "2018-02-01", "resource": VAULT} | query
        query = {name: value for name, value in query.items() if value is not None}
        url = await azure.identity_endpoint(CONTAINERS) + path
        headers = {} if metadata is None else {"Metadata": metadata}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, params=query, headers=headers) as response,
        ):
            return response.status, await response.json()

    return get


def oid(body: Any) -> str:
    return str(jwt.decode(body["access_token"], options={"verify_signature": False})["oid"])


def principal_of(azure: Emulator, identity: Any) -> Principal:
    principal = azure.cloud.directory.find(identity["principalId"])
    assert principal is not None
    return principal


def user(*identities: Any) -> dict[str, Any]:
    return {
        "type": "UserAssigned",
        "userAssignedIdentities": {each["id"]: {} for each in identities},
    }


async def test_the_token_is_of_the_system_identity_in_strings(
    azure: Emulator, run: Ask, ask: Ask
) -> None:
    identity = await run({"type": "SystemAssigned"})
    client_id = principal_of(azure, identity).appid
    status, body = await ask()
    assert (status, oid(body)) == (200, identity["principalId"])
    del body["access_token"]
    assert body == {
        "client_id": client_id,
        "expires_in": "28799",
        "expires_on": str(int(NOON) + 60 + 28800),
        "ext_expires_in": "28799",
        "not_before": str(int(NOON) + 60),
        "refresh_token": "",
        "resource": "https://vault.azure.net/",
        "token_type": "Bearer",
    }


async def test_the_only_user_assigned_identity_needs_no_name(
    run: Ask, ask: Ask, identity: Ask
) -> None:
    one = await identity("one")
    await run(user(one))
    status, body = await ask()
    assert (status, oid(body)) == (200, one["properties"]["principalId"])


async def test_of_several_identities_one_must_be_named(run: Ask, ask: Ask, identity: Ask) -> None:
    await run(user(await identity("one"), await identity("two")))
    assert await ask() == (
        400,
        {
            "error": "invalid_request",
            "error_description": "Multiple user assigned identities exist, please specify the "
            "clientId / resourceId of the identity in the token request",
        },
    )


@pytest.mark.parametrize("selector", ["client_id", "object_id", "msi_res_id"])
async def test_an_identity_is_named_in_three_ways(
    run: Ask, ask: Ask, identity: Ask, selector: str
) -> None:
    one, two = await identity("one"), await identity("two")
    await run(user(one, two))
    value = {
        "client_id": two["properties"]["clientId"],
        "object_id": two["properties"]["principalId"],
        "msi_res_id": two["id"].replace("resourcegroups", "resourceGroups"),
    }[selector]
    status, body = await ask(**{selector: value})
    assert (status, oid(body)) == (200, two["properties"]["principalId"])


async def test_with_both_the_system_identity_answers_unless_another_is_named(
    run: Ask, ask: Ask, identity: Ask
) -> None:
    one = await identity("one")
    both = await run(user(one) | {"type": "SystemAssigned, UserAssigned"})
    _, unnamed = await ask()
    _, named = await ask(client_id=one["properties"]["clientId"])
    assert oid(unnamed) == both["principalId"]
    assert oid(named) == one["properties"]["principalId"]


@pytest.mark.parametrize(
    ("given", "query"),
    [(None, {}), ({"type": "SystemAssigned"}, {"client_id": "0d9ef9ab-unknown"})],
)
async def test_an_identity_that_the_group_has_not_is_not_found(
    run: Ask, ask: Ask, given: Any, query: Any
) -> None:
    await run(given)
    assert await ask(**query) == (
        400,
        {"error": "invalid_request", "error_description": "Identity not found"},
    )


async def test_an_identity_of_another_group_is_not_found(run: Ask, ask: Ask, identity: Ask) -> None:
    other = await identity("other")
    await run({"type": "SystemAssigned"})
    status, body = await ask(client_id=other["properties"]["clientId"])
    assert (status, body["error_description"]) == (400, "Identity not found")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"metadata": None}, (400, "bad_request_102")),
        ({"metadata": "True"}, (400, "bad_request_102")),
        ({"api-version": None}, (400, "invalid_request")),
        ({"resource": None}, (400, "invalid_request")),
        ({"resource": "https://example.org"}, (400, "invalid_resource")),
        ({"client_id": "a", "object_id": "b"}, (400, "invalid_request")),
        ({"path": "/metadata/instance"}, (404, "not_found")),
        ({"method": "POST"}, (405, "method_not_allowed")),
    ],
)
async def test_what_the_endpoint_refuses(run: Ask, ask: Ask, request_: Any, answer: Any) -> None:
    await run({"type": "SystemAssigned"})
    status, body = await ask(**request_)
    assert (status, body["error"]) == answer


async def test_nobody_answers_in_a_group_that_does_not_run(
    azure: Emulator, arm: Client, run: Ask, ask: Ask
) -> None:
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask()
    await run({"type": "SystemAssigned"})
    await arm("POST", f"{CONTAINERS}/stop", "2023-05-01")
    azure.clock.advance(60)
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask()


async def test_the_endpoint_comes_up_after_the_container(
    azure: Emulator, run: Ask, ask: Ask
) -> None:
    azure.settings.identity_endpoint_delay = 600
    await run({"type": "SystemAssigned"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask()
    azure.clock.advance(600)
    assert (await ask())[0] == 200


async def test_calls_of_the_endpoint_are_listed_with_the_identity(
    azure: Emulator, run: Ask, ask: Ask
) -> None:
    identity = await run({"type": "SystemAssigned"})
    azure.calls.forget()
    await ask()
    assert [(call.surface, call.status, call.oid) for call in azure.calls.list()] == [
        ("identity", 200, identity["principalId"])
    ]


async def test_only_a_container_group_has_an_endpoint(azure: Emulator) -> None:
    with pytest.raises(ValueError, match="is no container group's resource ID"):
        await azure.identity_endpoint(GROUP)


async def test_the_system_identity_of_a_resource_can_be_read(
    azure: Emulator, arm: Client, run: Ask
) -> None:
    identity = await run({"type": "SystemAssigned"})
    path = f"{CONTAINERS}/providers/Microsoft.ManagedIdentity/identities/default"
    answer = await arm("GET", path, "2023-01-31")
    principal = principal_of(azure, identity)
    url = answer.body["properties"].pop("clientSecretUrl")
    assert url.endswith(f"tid={azure.settings.tenant_id}&oid={principal.oid}&aid={principal.appid}")
    assert answer.body == {
        "id": path,
        "name": "default",
        "type": "Microsoft.ManagedIdentity/identities",
        "location": "westus",
        "properties": {
            "tenantId": azure.settings.tenant_id,
            "principalId": principal.oid,
            "clientId": principal.appid,
        },
    }


async def test_a_resource_without_a_system_identity_has_none_to_read(arm: Client, run: Ask) -> None:
    await run(None)
    path = f"{CONTAINERS}/providers/Microsoft.ManagedIdentity/identities/default"
    answer = await arm("GET", path, "2023-01-31")
    assert (answer.status, answer.code) == (404, "ResourceNotFound")
