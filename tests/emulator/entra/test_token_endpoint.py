from __future__ import annotations

from typing import Any

import aiohttp
import jwt
import pytest
from azure.core.pipeline.transport import AioHttpTransport
from azure.identity.aio import ClientSecretCredential

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from emulator.conftest import NOON, Ask

ARM = "https://management.azure.com"
SECRET = "the-client-secret"


@pytest.fixture
def application(azure: Emulator) -> Principal:
    return azure.create_service_principal("aci-operator", secret=SECRET)


@pytest.fixture
def ask(azure: Emulator, http: aiohttp.ClientSession, application: Principal) -> Ask:
    """Ask for a token; a field given as None is left out."""

    async def post(
        path: str = "oauth2/v2.0/token", tenant: str = azure.settings.tenant_id, **fields: Any
    ) -> tuple[int, Any]:
        form = {
            "grant_type": "client_credentials",
            "client_id": application.appid,
            "client_secret": SECRET,
            "scope": f"{ARM}/.default",
        } | fields
        form = {name: value for name, value in form.items() if value is not None}
        url = f"{azure.endpoints.active_directory}/{tenant}/{path}"
        async with http.post(url, data=form) as response:
            return response.status, await response.json()

    return post


async def test_version_2_gives_a_token_with_numbers(ask: Ask) -> None:
    status, body = await ask()
    token = body.pop("access_token")
    assert (status, body) == (
        200,
        {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599},
    )
    assert jwt.decode(token, options={"verify_signature": False})["aud"] == ARM


async def test_version_1_gives_a_token_for_a_resource(ask: Ask) -> None:
    status, body = await ask("oauth2/token", scope=None, resource="https://vault.azure.net")
    del body["access_token"]
    assert status == 200
    assert body == {
        "token_type": "Bearer",
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "expires_on": NOON + 3599,
        "not_before": NOON,
        "resource": "https://vault.azure.net",
    }


async def test_a_token_says_who_holds_it(azure: Emulator, ask: Ask, application: Principal) -> None:
    _, body = await ask()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    del claims["uti"]
    issuer = f"https://sts.windows.net/{azure.settings.tenant_id}/"
    assert claims == {
        "aud": ARM,
        "iss": issuer,
        "iat": NOON,
        "nbf": NOON,
        "exp": NOON + 3599,
        "appid": application.appid,
        "appidacr": "1",
        "idp": issuer,
        "idtyp": "app",
        "oid": application.oid,
        "sub": application.oid,
        "tid": azure.settings.tenant_id,
        "ver": "1.0",
    }


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": None}, (401, "invalid_client", 7000216)),
        ({"client_secret": None, "client_assertion": "x"}, (400, "invalid_request", 900144)),
        ({"client_id": "nobody"}, (400, "unauthorized_client", 700016)),
        ({"tenant": "elsewhere"}, (400, "invalid_request", 90002)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"grant_type": None}, (400, "invalid_request", 900144)),
        ({"client_id": None}, (400, "invalid_request", 900144)),
        ({"scope": None}, (400, "invalid_request", 900144)),
        ({"scope": ARM}, (400, "invalid_scope", 1002012)),
        ({"scope": "https://example.org/.default"}, (400, "invalid_resource", 500011)),
    ],
)
async def test_what_entra_refuses(ask: Ask, fields: Any, refusal: tuple[int, str, int]) -> None:
    status, body = await ask(**fields)
    assert (status, body["error"], body["error_codes"][0]) == refusal
    assert body["error_description"].startswith(f"AADSTS{refusal[2]}: ")
    assert sorted(body) == [
        "correlation_id",
        "error",
        "error_codes",
        "error_description",
        "timestamp",
        "trace_id",
    ]


async def test_a_refusal_does_not_repeat_the_secret(ask: Ask) -> None:
    _, body = await ask(client_secret="wrong-secret")
    assert "wrong-secret" not in str(body)


async def test_the_published_key_verifies_a_token(
    azure: Emulator, http: aiohttp.ClientSession, ask: Ask
) -> None:
    _, body = await ask()
    tenant = f"{azure.endpoints.active_directory}/{azure.settings.tenant_id}"
    async with http.get(f"{tenant}/v2.0/.well-known/openid-configuration") as response:
        configuration = await response.json()
    async with http.get(configuration["jwks_uri"]) as response:
        keys = jwt.PyJWKSet.from_dict(await response.json())
    kid = jwt.get_unverified_header(body["access_token"])["kid"]
    claims = jwt.decode(
        body["access_token"],
        keys[kid],
        algorithms=["RS256"],
        audience=ARM,
        issuer=configuration["issuer"],
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert claims["idtyp"] == "app"


async def test_microsofts_own_client_gets_a_token(
    azure: Emulator, http: aiohttp.ClientSession, application: Principal
) -> None:
    credential = ClientSecretCredential(
        azure.settings.tenant_id,
        application.appid,
        SECRET,
        authority=azure.endpoints.active_directory,
        transport=AioHttpTransport(session=http, session_owner=False),
    )
    async with credential:
        token = await credential.get_token(f"{ARM}/.default")
    assert azure.cloud.directory.verify(token.token, [ARM]).oid == application.oid


async def test_token_requests_are_listed_but_are_no_writes(
    azure: Emulator, ask: Ask, application: Principal
) -> None:
    await ask()
    assert [(call.surface, call.method, call.oid) for call in azure.calls.list()] == [
        ("entra", "POST", application.oid)
    ]
    assert azure.calls.writes() == []
    assert azure.calls.list()[0].body is None
