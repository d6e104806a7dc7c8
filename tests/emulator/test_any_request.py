"""No request makes any surface fail: it is taken, or refused as that surface refuses.

Every registered operation, with odd names, methods, versions, tokens, queries and bodies, over
the network, so that what reads requests and writes answers is held to it too.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from azure_emulator.emulator import Emulator
from azure_emulator.endpoints import GRAPH_AUDIENCE, VAULT_AUDIENCE
from azure_emulator.settings import Settings
from emulator.containers.builders import GROUP, IDENTITIES, PROVIDER, SUBSCRIPTION
from emulator.coverage import operations
from emulator.odd_requests import (
    BODIES,
    GOOD_BODIES,
    METHODS,
    ODD_ASSERTIONS,
    ODD_TEXT,
    ODD_VALUE,
    QUERIES,
    RAW_BODIES,
    TOKENS,
    VERSIONS,
)

DEMO = f"{PROVIDER}/containerGroups/demo"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv1"
APART = f"{SUBSCRIPTION}/resourceGroups/apart"
VAULT_APART = f"{APART}/providers/Microsoft.KeyVault/vaults/kv2"
"""In no group and of no name that requests to ARM are made of: nobody deletes it."""
ARM_OPERATIONS = [each for each in operations() if not each[1].startswith(("/secrets", "/deleted"))]
DATA_OPERATIONS = [each for each in operations() if each not in ARM_OPERATIONS]
ENTRA = ("oauth2/v2.0/token", "oauth2/token", "v2.0/.well-known/openid-configuration", "odd")
GRAPH = ("/v1.0/servicePrincipals", "/v1.0/servicePrincipals/x", "/v1.0/directoryObjects/getByIds")
CONTROL = (
    "/settings",
    "/faults",
    "/clock/advance",
    "/certificates",
    "/issuers",
    "/role-assignments",
)

GOOD_NAMES: Mapping[str, str] = {
    "subscription": SUBSCRIPTION.rpartition("/")[2],
    "group": "demo",
    "location": "westus",
    "container": "one",
    "kind": "add",
    "scope...": GROUP.strip("/"),
    "secret-name": "s",
    "namespace": "Microsoft.KeyVault",
}


@dataclass
class World:
    """An Azure in a loop of its own, which runs only while a request is under way."""

    loop: asyncio.AbstractEventLoop
    azure: Emulator
    http: aiohttp.ClientSession
    owner: Any
    vault_uri: str = ""
    """Of the vault that is there all the time."""

    def token(self, kind: str, audience: str) -> str:
        """Give a token, sound or not."""
        directory = self.azure.cloud.directory
        claims = {"aud": audience, "oid": self.owner.oid, "exp": 2**31, "nbf": 0}
        makers: dict[str, Callable[[], str]] = {
            "good": lambda: self.azure.token(self.owner, audience),
            "none": lambda: "",
            "odd": lambda: "not.a.token",
            "foreign": lambda: jwt.encode(claims, "k" * 32, algorithm="HS256"),
            "expired": lambda: directory.issue(self.owner, audience, -1),
            "other": lambda: self.azure.token(self.owner, "https://graph.windows.net"),
        }
        return makers[kind]()

    def send(
        self, method: str, base: str, path: str, token: str = "", body: bytes = b""
    ) -> tuple[int, bytes]:
        """Send one request over the network."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers["Content-Type"] = "application/json"

        async def ask() -> tuple[int, bytes]:
            url = URL(base + path, encoded=True)
            async with self.http.request(method, url, headers=headers, data=body) as response:
                return response.status, await response.read()

        return self.loop.run_until_complete(ask())


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    loop = asyncio.new_event_loop()
    made = loop.run_until_complete(_make())
    made.loop = loop
    loop.run_until_complete(_fill(made))
    yield made
    loop.run_until_complete(made.http.close())
    loop.run_until_complete(made.azure.__aexit__(None, None, None))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


async def _make() -> World:
    azure = await Emulator(Settings(deleted_identity_breaks_group=False)).__aenter__()
    context = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context))
    owner = azure.create_service_principal("owner")
    azure.assign_role(owner.oid, "Owner", SUBSCRIPTION)
    return World(asyncio.get_running_loop(), azure, http, owner)


async def _fill(world: World) -> None:
    policy = {
        "tenantId": world.azure.settings.tenant_id,
        "objectId": world.owner.oid,
        "permissions": {"secrets": ["all"]},
    }
    vault = json.loads(json.dumps(GOOD_BODIES[2]))
    vault["properties"] |= {"accessPolicies": [policy]}
    del vault["properties"]["networkAcls"]
    token = world.azure.token(world.owner)
    for path, version, body in (
        (GROUP, "2025-04-01", GOOD_BODIES[1]),
        (f"{IDENTITIES}/my-id", "2024-11-30", GOOD_BODIES[1]),
        (DEMO, "2025-09-01", GOOD_BODIES[0]),
        (VAULT, "2023-07-01", vault),
        (APART, "2025-04-01", GOOD_BODIES[1]),
        (VAULT_APART, "2023-07-01", vault),
    ):
        url = f"{world.azure.endpoints.resource_manager}{path}?api-version={version}"
        headers = {"Authorization": f"Bearer {token}"}
        async with world.http.put(url, json=body, headers=headers) as response:
            assert response.status < 300, await response.text()
    world.azure.clock.advance(60)
    properties = world.azure.state()["vaults"][VAULT_APART]["properties"]
    world.vault_uri = properties["vaultUri"].rstrip("/")


def filled(draw: st.DrawFn, template: str, method: str, name: str) -> str:
    """Fill in a path: sound names mostly, an odd one at times."""
    path = template
    for variable in [part.partition("}")[0] for part in template.split("{")[1:]]:
        good = GOOD_NAMES.get(variable, name)
        text = draw(ODD_TEXT) if draw(st.integers(0, 9)) == 0 else good
        path = path.replace(
            "{" + variable + "}", quote(text, safe="/" if variable == "scope..." else "")
        )
    return "/" + path.lstrip("/")


def wrong_with(status: int, raw: bytes, method: str) -> str:
    """Say what is wrong with an answer: empty below 500, or for what is said not to be emulated.

    An error has Azure's shape.
    """
    if status >= 500 and not (status == 501 and b"NotEmulated" in raw):
        return f"{status} {raw!r}"
    if status < 400 or method == "HEAD":
        return ""
    error = json.loads(raw)["error"]
    return "" if {"code", "message"} <= error.keys() else f"no error of Azure's: {raw!r}"


@pytest.mark.parametrize("operation", ARM_OPERATIONS, ids=lambda each: f"{each[0]} {each[1][-40:]}")
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_arm_takes_or_refuses(world: World, operation: tuple[str, str], data: Any) -> None:
    method, template = operation
    draw = data.draw
    own = "kv1" if "KeyVault" in template else "my-id" if "Managed" in template else "demo"
    path = draw(st.composite(lambda d: filled(d, template, method, own))())
    known = versions_of(world, operation)
    version = draw(st.sampled_from(known) | st.sampled_from(known) | VERSIONS)
    query = urlencode({"api-version": version, **draw(QUERIES)})
    sent = draw(st.just(method) | METHODS)
    token = world.token(draw(TOKENS), "https://management.azure.com")
    base = world.azure.endpoints.resource_manager
    status, raw = world.send(sent, base, f"{path}?{query}", token, draw(BODIES))
    assert wrong_with(status, raw, sent) == ""


def versions_of(world: World, operation: tuple[str, str]) -> list[str]:
    return [
        version
        for provider in world.azure.cloud.providers
        for route in provider.routes()
        if (route.method, route.template) == operation
        for version in route.api_versions
    ]


@pytest.mark.parametrize("operation", DATA_OPERATIONS, ids=lambda each: f"{each[0]} {each[1]}")
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_vault_takes_or_refuses(world: World, operation: tuple[str, str], data: Any) -> None:
    method, template = operation
    draw = data.draw
    base = world.vault_uri
    path = draw(st.composite(lambda d: filled(d, template, method, "s"))())
    version = draw(st.just("7.5") | st.just("7.4") | VERSIONS)
    query = urlencode({"api-version": version, **draw(QUERIES)})
    sent = draw(st.just(method) | METHODS)
    token = world.token(draw(TOKENS), VAULT_AUDIENCE)
    status, raw = world.send(sent, base, f"{path}?{query}", token, draw(BODIES))
    assert wrong_with(status, raw, sent) == ""


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_entra_takes_or_refuses(world: World, data: Any) -> None:
    draw = data.draw
    tenant = draw(st.just(world.azure.settings.tenant_id) | ODD_TEXT)
    path = f"/{quote(tenant, safe='')}/{draw(st.sampled_from(ENTRA))}"
    form = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "grant_type": st.just("client_credentials") | ODD_TEXT,
                "client_id": st.just(world.owner.appid) | ODD_TEXT,
                "scope": st.just("https://vault.azure.net/.default") | ODD_TEXT,
                "resource": st.just("https://vault.azure.net") | ODD_TEXT,
                "client_secret": ODD_TEXT,
                "client_assertion": ODD_TEXT | ODD_ASSERTIONS,
                "client_assertion_type": st.just(
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                ),
            },
        )
    )
    body = draw(st.just(urlencode(form).encode()) | RAW_BODIES)
    method = draw(st.just("POST") | METHODS)
    status, raw = world.send(method, world.azure.endpoints.active_directory, path, "", body)
    assert status < 500
    if status in (400, 401) and method != "HEAD":
        assert {"error", "error_codes", "error_description"} <= json.loads(raw).keys()


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_graph_takes_or_refuses(world: World, data: Any) -> None:
    draw = data.draw
    path = draw(st.sampled_from(GRAPH) | ODD_TEXT.map(lambda text: "/" + quote(text)))
    query = urlencode(draw(QUERIES))
    method = draw(METHODS)
    token = world.token(draw(TOKENS), GRAPH_AUDIENCE)
    base = world.azure.endpoints.graph
    status, raw = world.send(method, base, f"{path}?{query}", token, draw(BODIES))
    assert wrong_with(status, raw, method) == ""


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_the_control_api_takes_or_refuses(world: World, data: Any) -> None:
    draw = data.draw
    path = draw(st.sampled_from(CONTROL) | ODD_TEXT.map(lambda text: "/" + quote(text)))
    body = draw(RAW_BODIES | ODD_VALUE.map(lambda value: json.dumps(value).encode()))
    status, _ = world.send(draw(METHODS), world.azure.endpoints.control, path, "", body)
    assert status < 500


@pytest.mark.parametrize(
    "raw", [b"ODD / HTTP/1.1\r\n\r\n", b"\x16\x03\x01 no TLS either\r\n\r\n", b"GET  \r\n\r\n"]
)
def test_what_is_no_http_is_refused_without_a_trace(
    world: World, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    address = URL(world.azure.endpoints.resource_manager)

    async def ask() -> bytes:
        context = ssl.create_default_context(cafile=str(world.azure.endpoints.ca_file))
        reader, writer = await asyncio.open_connection("127.0.0.1", address.port, ssl=context)
        writer.write(raw)
        answer = await reader.read(20)
        writer.close()
        return answer

    assert world.loop.run_until_complete(ask()).startswith(b"HTTP/1.0 400")
    assert caplog.records == []
