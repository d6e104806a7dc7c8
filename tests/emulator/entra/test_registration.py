"""What another process registers for an application."""

from __future__ import annotations

from typing import Any

import aiohttp
import jwt
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.assertions import EXCHANGE_AUDIENCE, Federation
from emulator.conftest import Client
from emulator.entra.test_assertions import ISSUER, SUBJECT, make_pair


@pytest.fixture
def control(azure: Emulator, http: aiohttp.ClientSession) -> Client:
    return Client(http, azure.endpoints.control, "")


async def test_certificates_issuers_and_their_subjects_are_registered(
    azure: Emulator, control: Client
) -> None:
    app, pair = azure.create_service_principal("app"), make_pair("app")
    key = jwt.algorithms.RSAAlgorithm.to_jwk(pair.key.public_key(), as_dict=True)
    answers = [
        await control(
            "POST", "/certificates", body={"appId": app.appid, "certificate": pair.pem.decode()}
        ),
        await control(
            "POST",
            "/federated-credentials",
            body={"appId": app.appid, "issuer": ISSUER, "subject": SUBJECT},
        ),
        await control("POST", "/issuers", body={"issuer": ISSUER, "keys": [key]}),
    ]
    assertions = azure.cloud.directory.assertions
    assert [answer.status for answer in answers] == [204, 204, 204]
    assert len(assertions.certificates[app.appid]) == 1
    assert assertions.federations[app.appid] == [Federation(ISSUER, SUBJECT, EXCHANGE_AUDIENCE)]
    assert assertions.issuers == {ISSUER: {"keys": [key]}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/certificates", {"appId": "nobody", "certificate": make_pair("app").pem.decode()}),
        ("/certificates", {"certificate": make_pair("app").pem.decode()}),
        ("/federated-credentials", {"issuer": ISSUER}),
        ("/issuers", {"issuer": ISSUER}),
        ("/issuers", {"issuer": ISSUER, "keys": ["none"]}),
    ],
)
async def test_what_makes_no_sense_is_refused(
    azure: Emulator, control: Client, path: str, body: Any
) -> None:
    answer = await control("POST", path, body=body)
    assertions = azure.cloud.directory.assertions
    assert answer.status == 400
    assert (assertions.issuers, dict(assertions.certificates)) == ({}, {})


async def test_what_is_no_certificate_is_refused(azure: Emulator, control: Client) -> None:
    app = azure.create_service_principal("app")
    body = {"appId": app.appid, "certificate": "none"}
    assert (await control("POST", "/certificates", body=body)).status == 400
