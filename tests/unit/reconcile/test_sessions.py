"""From an AzureAccount and its Secret to the settings of a session."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.api.references import SecretKeyReference
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.session import Session
from aci_operator.kube import paths
from aci_operator.reconcile.credentials import read_secret_key
from aci_operator.reconcile.sessions import Sessions, settings_of
from aci_operator.reconcile.steps import Stall, Wait
from certificate_builders import certificate_pem
from pass_builders import ApiServer, an_object

VALUE = "canary-secret"
LOGIN = {"client_id": "c-1", "client_secret": VALUE}
SOURCE = {"secretKeyRef": {"name": "login", "key": "password"}}
REFERENCE = SecretKeyReference.parse("spec.valueFrom", SOURCE)
TENANT = "11111111-2222-4333-8444-555555555555"
PEM = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"


def an_account(**endpoints: str) -> Object:
    principal = {"clientId": "c-1", "clientSecretFrom": SOURCE}
    spec: dict[str, Any] = {
        "subscriptionId": "s-1",
        "tenantId": TENANT,
        "credential": {"servicePrincipal": principal},
    }
    if endpoints:
        spec["endpoints"] = endpoints
    return an_object("AzureAccount", spec=spec)


def a_server(**data: str) -> ApiServer:
    """An API server with one Secret, or none if it would be empty."""
    server = ApiServer()
    if data:
        metadata = {"name": "login", "namespace": "here", "uid": "u", "resourceVersion": "1"}
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        body = {"metadata": metadata, "data": encoded}
        server.bodies[paths.of_secret("here", "login")] = body
    return server


def test_an_account_of_public_azure_needs_no_endpoints() -> None:
    assert settings_of(an_account(), **LOGIN) == AccountSettings("s-1", TENANT, "c-1", VALUE)


def test_every_endpoint_is_taken_over() -> None:
    account = an_account(
        resourceManager="https://arm",
        activeDirectory="https://login",
        resourceManagerAudience="https://audience",
        keyVaultAudience="https://vaults",
        caBundle=base64.b64encode(PEM.encode()).decode(),
    )
    assert settings_of(account, **LOGIN) == AccountSettings(
        "s-1",
        TENANT,
        "c-1",
        VALUE,
        resource_manager="https://arm",
        active_directory="https://login",
        resource_manager_audience="https://audience",
        key_vault_audience="https://vaults",
        ca_bundle=PEM,
        custom=True,
    )


def test_settings_never_show_the_secret() -> None:
    assert VALUE not in repr(settings_of(an_account(), **LOGIN))


@pytest.mark.parametrize("bundle", ["nonsense", PEM, base64.b64encode(b"no certificate").decode()])
def test_a_bundle_that_is_no_base64_pem_is_refused_by_field(bundle: str) -> None:
    with pytest.raises(Stall) as raised:
        settings_of(an_account(caBundle=bundle), **LOGIN)
    assert (raised.value.reason, raised.value.message) == (
        "InvalidEndpoint",
        "spec.endpoints.caBundle is not the base64 form of a PEM certificate bundle. Make it with "
        "`base64 -w0 ca.pem`.",
    )


UNUSABLE = [
    ({"resourceManager": "https://:443"}, "resourceManager: 'https://:443' is not an https"),
    ({"activeDirectory": "https://[x"}, "Invalid IPv6 URL"),
    ({"caBundle": base64.b64encode(PEM.encode()).decode()}, "caBundle: not PEM certificates"),
]


@pytest.mark.parametrize(("endpoints", "cause"), UNUSABLE)
async def test_endpoints_that_cannot_be_used_are_a_stall(
    endpoints: dict[str, str], cause: str
) -> None:
    sessions = Sessions(a_server(password=VALUE), Session.open)
    with pytest.raises(Stall) as raised:
        await sessions.refresh(an_account(**endpoints))
    assert raised.value.reason == "InvalidEndpoint"
    assert raised.value.message.startswith(f"The account cannot be used: {cause}")
    assert VALUE not in raised.value.message


async def test_a_key_of_a_secret_is_read() -> None:
    assert await read_secret_key(a_server(password=VALUE), "here", REFERENCE) == VALUE.encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {},
            "spec.valueFrom.secretKeyRef names Secret login, which does not exist in namespace "
            "here. Create it with key password.",
        ),
        (
            {"other": VALUE},
            "spec.valueFrom.secretKeyRef names key password, which Secret login does not have. Add "
            "the key, or name another one.",
        ),
    ],
)
async def test_a_missing_secret_is_waited_for_and_named(data: dict[str, str], message: str) -> None:
    with pytest.raises(Wait) as raised:
        await read_secret_key(a_server(**data), "here", REFERENCE)
    assert (raised.value.reason, raised.value.message, raised.value.backoff) == (
        "WaitingForSecret",
        message,
        True,
    )


async def test_a_session_is_opened_once_and_again_when_the_secret_changes() -> None:
    opened: list[str] = []

    async def open_session(settings: AccountSettings) -> Session:
        opened.append(settings.client_secret)
        return await Session.open(settings)

    server = a_server(password="one\n")
    sessions = Sessions(server, open_session)
    first = await sessions.refresh(an_account())
    kept = [await sessions.refresh(an_account()), await sessions.of(an_account())]
    server.bodies.update(a_server(password="two").bodies)
    other = await sessions.refresh(an_account())
    await sessions.close()
    assert (opened, kept, other is first) == (["one", "two"], [first, first], False)


async def test_the_last_good_session_outlives_its_secret() -> None:
    server = a_server(password=VALUE)
    sessions = Sessions(server, Session.open)
    first = await sessions.refresh(an_account())
    server.bodies.clear()
    assert await sessions.of(an_account()) is first
    await sessions.close()


async def test_the_end_of_a_certificate_is_known_and_that_of_a_secret_is_not() -> None:
    ends = datetime(2030, 1, 2, tzinfo=UTC)
    by_certificate = {"clientId": "c-1", "clientCertificateFrom": SOURCE}
    spec = {**an_account().spec, "credential": {"servicePrincipal": by_certificate}}
    signed = an_object("AzureAccount", "signed", spec=spec)
    sessions = Sessions(a_server(password=certificate_pem(ends).decode()), Session.open)
    await sessions.refresh(an_account())
    await sessions.refresh(signed)
    found = list(sessions.expiries())
    await sessions.close()
    assert found == [(signed.key, ends.timestamp())]
