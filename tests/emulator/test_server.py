from __future__ import annotations

import io
import ssl
from typing import Any

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.endpoints import metadata
from azure_emulator.entra.directory import Principal
from emulator.conftest import GROUP, SUBSCRIPTION, AsCaller, Client

VERSION = "2025-04-01"
GROUPS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups"


async def test_metadata_is_given_to_anybody(azure: Emulator, http: aiohttp.ClientSession) -> None:
    anybody = Client(http, azure.endpoints.resource_manager, "")
    answer = await anybody("GET", "/metadata/endpoints", "2022-09-01")
    assert answer.status == 200
    assert answer.body["authentication"]["loginEndpoint"] == azure.endpoints.active_directory
    assert answer.body["resourceManager"] == azure.endpoints.resource_manager
    assert answer.body["authentication"]["audiences"][0] == "https://management.azure.com/"


async def test_metadata_on_loopback_ports_leads_to_no_real_vault(
    azure: Emulator, http: aiohttp.ClientSession
) -> None:
    anybody = Client(http, azure.endpoints.resource_manager, "")
    here = (await anybody("GET", "/metadata/endpoints", "2022-09-01")).body
    there = metadata(azure.endpoints.seen_at("https://management.azure.com"))
    suffixes = [body["suffixes"]["keyVaultDns"] for body in (here, there)]
    assert suffixes == ["vault.invalid", "vault.azure.net"]


async def test_a_call_without_a_token_is_told_where_to_get_one(
    azure: Emulator, http: aiohttp.ClientSession
) -> None:
    answer = await Client(http, azure.endpoints.resource_manager, "")("GET", GROUP, VERSION)
    assert (answer.status, answer.code) == (401, "AuthenticationFailed")
    authority = f"{azure.endpoints.active_directory}/{azure.settings.tenant_id}"
    assert answer.headers["WWW-Authenticate"].startswith(
        f'Bearer authorization_uri="{authority}", error="invalid_token"'
    )


async def test_an_expired_token_is_refused(azure: Emulator, arm: Client) -> None:
    azure.clock.advance(azure.settings.token_seconds)
    answer = await arm("GET", GROUP, VERSION)
    assert (answer.status, answer.code) == (401, "ExpiredAuthenticationToken")
    assert "authorization_uri" in answer.headers["WWW-Authenticate"]


async def test_a_vault_token_does_not_open_arm(
    azure: Emulator, http: aiohttp.ClientSession, owner: Principal
) -> None:
    token = azure.token(owner, "https://vault.azure.net")
    answer = await Client(http, azure.endpoints.resource_manager, token)("GET", GROUP, VERSION)
    assert (answer.status, answer.code) == (401, "InvalidAuthenticationToken")


@pytest.mark.parametrize(
    ("method", "path", "version", "status", "code"),
    [
        ("GET", GROUP, None, 400, "MissingApiVersionParameter"),
        ("GET", GROUP, "1999-01-01", 400, "InvalidApiVersionParameter"),
        ("GET", f"{GROUPS}/x", "1999-01-01", 400, "NoRegisteredProviderFound"),
        ("GET", f"{GROUP}/providers/Microsoft.Y/z", VERSION, 404, "InvalidResourceNamespace"),
        (
            "GET",
            f"{GROUP}/providers/Microsoft.KeyVault/safes",
            VERSION,
            404,
            "InvalidResourceType",
        ),
        ("GET", "/somewhere", VERSION, 404, "NotFound"),
        ("POST", GROUP, VERSION, 405, "MethodNotAllowed"),
        ("GET", "/subscriptions/other/resourceGroups", VERSION, 404, "SubscriptionNotFound"),
        ("GET", GROUPS, "2023-05-01", 404, "ResourceGroupNotFound"),
        ("GET", f"{GROUPS}/x", "2023-05-01", 404, "ResourceGroupNotFound"),
    ],
)
async def test_what_arm_itself_refuses(
    arm: Client, method: str, path: str, version: str, status: int, code: str
) -> None:
    answer = await arm(method, path, version)
    assert (answer.status, answer.code) == (status, code)
    assert answer.headers["x-ms-failure-cause"] == "gateway"


async def test_an_unknown_version_is_answered_with_the_known_ones(arm: Client, group: str) -> None:
    answer = await arm("GET", f"{GROUPS}/x", "1999-01-01")
    assert "2023-05-01" in answer.message


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_object_is_refused(
    azure: Emulator, http: aiohttp.ClientSession, arm: Client, body: Any
) -> None:
    url = f"{azure.endpoints.resource_manager}{GROUP}?api-version={VERSION}"
    headers = {"Authorization": f"Bearer {arm.token}", "Content-Type": "application/json"}
    async with http.put(url, data=body, headers=headers) as response:
        answer = await response.json()
    assert (response.status, answer["error"]["code"]) == (400, "InvalidRequestContent")


async def test_a_body_beyond_four_mebibytes_is_refused(
    azure: Emulator, http: aiohttp.ClientSession, arm: Client
) -> None:
    url = f"{azure.endpoints.resource_manager}{GROUP}?api-version={VERSION}"
    headers = {"Authorization": f"Bearer {arm.token}"}
    body = io.BytesIO(b"x" * (4 * 1024 * 1024 + 1))
    async with http.put(url, data=body, headers=headers) as response:
        answer = await response.json()
    assert (response.status, answer["error"]["code"]) == (413, "RequestContentTooLarge")


async def test_a_right_on_a_group_gives_no_list_of_the_subscription(
    group: str, as_caller: AsCaller
) -> None:
    client, _ = as_caller("Contributor", GROUP)
    allowed = await client("GET", GROUPS, "2023-05-01")
    path = f"{SUBSCRIPTION}/providers/Microsoft.ContainerInstance/containerGroups"
    refused = await client("GET", path, "2023-05-01")
    assert (allowed.status, allowed.body) == (200, {"value": []})
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")
    assert f"over scope '{SUBSCRIPTION}'" in refused.message


async def test_a_caller_without_rights_does_not_learn_what_exists(
    arm: Client, group: str, as_caller: AsCaller
) -> None:
    client, _ = as_caller(None)
    there = await client("GET", f"{GROUPS}/x", "2023-05-01")
    missing = await client("GET", GROUPS.replace("demo", "missing"), "2023-05-01")
    assert (there.code, missing.code) == ("AuthorizationFailed", "AuthorizationFailed")


async def test_answers_carry_arms_headers(arm: Client, group: str) -> None:
    answer = await arm("GET", GROUP, VERSION)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert len(answer.headers["x-ms-request-id"]) == 36
    assert answer.headers["x-ms-correlation-request-id"]
    assert int(answer.headers["x-ms-ratelimit-remaining-subscription-reads"]) > 0


async def test_calls_are_listed_with_who_made_them(
    azure: Emulator, arm: Client, group: str, owner: Principal
) -> None:
    azure.calls.forget()
    await arm("GET", GROUP, VERSION)
    await arm("PUT", GROUP, VERSION, {"location": "westus"})
    await arm("GET", f"{GROUP}-missing", VERSION)
    assert [(str(call), call.status, call.oid, call.surface) for call in azure.calls.list()] == [
        (f"GET {GROUP}?api-version={VERSION}", 200, owner.oid, "arm"),
        (f"PUT {GROUP}?api-version={VERSION}", 200, owner.oid, "arm"),
        (f"GET {GROUP}-missing?api-version={VERSION}", 404, owner.oid, "arm"),
    ]
    assert [call.body for call in azure.calls.writes()] == [{"location": "westus"}]


async def test_the_shown_form_of_a_call_has_no_body(
    azure: Emulator, arm: Client, group: str
) -> None:
    assert all("body" not in call.shown() for call in azure.calls.list())
    assert all("westus" not in repr(call) for call in azure.calls.list())


async def test_who_does_not_know_the_ca_is_not_answered(azure: Emulator) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(azure.endpoints.resource_manager)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_the_certificate_satisfies_strict_clients(azure: Emulator, host: str) -> None:
    context = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    url = azure.endpoints.resource_manager.replace("127.0.0.1", host)
    connector = aiohttp.TCPConnector(ssl=context)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(f"{url}/metadata/endpoints") as response,
    ):
        assert response.status == 200
