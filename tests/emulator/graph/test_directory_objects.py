"""Microsoft Graph, as far as the Azure CLI asks it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.endpoints import metadata
from azure_emulator.entra.directory import Principal
from emulator.conftest import NOON, Client

GRAPH = "https://graph.microsoft.com"


@pytest.fixture
def graph(azure: Emulator, http: aiohttp.ClientSession, owner: Principal) -> Client:
    return Client(http, f"{azure.endpoints.graph}/v1.0", azure.token(owner, GRAPH))


def shown(principal: Principal) -> dict[str, Any]:
    assert principal.created_at == NOON
    application = {
        "appDisplayName": principal.display_name,
        "appOwnerOrganizationId": "6d1b4c1e-6a53-4c0f-9d0b-0a7c2f5e8b10",
        "servicePrincipalType": "Application",
    }
    identity = {
        "appDisplayName": None,
        "appOwnerOrganizationId": None,
        "servicePrincipalType": "ManagedIdentity",
    }
    return {
        "id": principal.oid,
        "deletedDateTime": None,
        "accountEnabled": True,
        "appId": principal.appid,
        "createdDateTime": "2026-09-21T14:13:20Z",
        "displayName": principal.display_name,
        "servicePrincipalNames": [principal.appid],
        **(identity if principal.managed else application),
    }


async def test_me_is_refused_to_applications(graph: Client) -> None:
    answer = await graph("GET", "/me")
    assert (answer.status, answer.code, answer.message) == (
        400,
        "BadRequest",
        "/me request is only valid with delegated authentication flow.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "servicePrincipalNames/any(c:c eq '{appid}')",
        "appId eq '{appid}'",
        "displayName eq 'OWNER'",
        "id eq '{oid}'",
    ],
)
async def test_a_service_principal_is_found_by_what_it_is_called(
    graph: Client, azure: Emulator, owner: Principal, text: str
) -> None:
    azure.create_service_principal("another")
    wanted = quote(text.format(appid=owner.appid, oid=owner.oid))
    answer = await graph("GET", f"/servicePrincipals?$filter={wanted}")
    assert answer.body == {
        "@odata.context": f"{GRAPH}/v1.0/$metadata#servicePrincipals",
        "value": [shown(owner)],
    }


async def test_identities_are_managed_identities(graph: Client, azure: Emulator) -> None:
    identity = azure.cloud.directory.create_managed_identity("it")
    answer = await graph("GET", f"/servicePrincipals/{identity.oid}")
    context = f"{GRAPH}/v1.0/$metadata#servicePrincipals/$entity"
    assert answer.body == {"@odata.context": context, **shown(identity)}


async def test_get_by_ids_leaves_out_what_does_not_exist(graph: Client, owner: Principal) -> None:
    body = {"ids": [owner.oid, "0" * 36], "types": ["user", "servicePrincipal"]}
    answer = await graph("POST", "/directoryObjects/getByIds", body=body)
    assert answer.body["value"] == [
        {"@odata.type": "#microsoft.graph.servicePrincipal", **shown(owner)}
    ]


async def test_there_are_no_users_and_no_groups(graph: Client) -> None:
    found = [(await graph("GET", path)).body["value"] for path in ("/users", "/groups")]
    assert found == [[], []]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/servicePrincipals/nobody", None, 404, "Request_ResourceNotFound"),
        ("GET", "/servicePrincipals?$filter=a%20gt%20b", None, 400, "Request_UnsupportedQuery"),
        ("GET", "/applications", None, 400, "BadRequest"),
        ("DELETE", "/servicePrincipals/nobody", None, 400, "BadRequest"),
        ("POST", "/directoryObjects/getByIds", {"ids": "x"}, 400, "Request_BadRequest"),
        ("POST", "/directoryObjects/getByIds", {"ids": ["x"] * 1001}, 400, "Request_BadRequest"),
        ("POST", "/directoryObjects/getByIds", ["x"], 400, "BadRequest"),
        ("POST", "/directoryObjects/getByIds", None, 400, "BadRequest"),
    ],
)
async def test_what_is_not_emulated_or_not_understood_is_refused_in_graphs_shape(
    graph: Client, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = await graph(method, path, body=body)
    assert (answer.status, answer.code) == (status, code)
    assert set(answer.body["error"]["innerError"]) == {"date", "request-id", "client-request-id"}


async def test_a_token_for_resource_manager_is_refused(
    azure: Emulator, graph: Client, owner: Principal
) -> None:
    for token in (azure.token(owner), ""):
        graph.token = token
        answer = await graph("GET", "/me")
        assert (answer.status, answer.code) == (401, "InvalidAuthenticationToken")


async def test_a_cloud_on_loopback_ports_names_its_own_graph_and_takes_tokens_for_it(
    azure: Emulator, http: aiohttp.ClientSession, owner: Principal
) -> None:
    arm = Client(http, azure.endpoints.resource_manager, "")
    told = (await arm("GET", "/metadata/endpoints", "2022-09-01")).body["microsoftGraphResourceId"]
    graph = Client(http, f"{told}v1.0", azure.token(owner, told.rstrip("/")))
    answer = await graph("GET", f"/servicePrincipals/{owner.oid}")
    assert (told, answer.body["id"]) == (f"{azure.endpoints.graph}/", owner.oid)


async def test_a_cloud_by_azures_names_names_azures_graph(azure: Emulator) -> None:
    seen = azure.endpoints.seen_at("https://management.azure.com")
    assert metadata(seen)["microsoftGraphResourceId"] == "https://graph.microsoft.com/"


async def test_calls_are_recorded_with_their_caller(
    azure: Emulator, graph: Client, owner: Principal
) -> None:
    await graph("GET", "/users")
    call = azure.calls.list()[-1]
    assert (call.surface, call.method, call.path, call.oid) == (
        "graph",
        "GET",
        "/v1.0/users",
        owner.oid,
    )
