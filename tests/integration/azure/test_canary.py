"""Secrets that go through a session are found nowhere but in the requests themselves."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import AzureError
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body
from integration.azure.conftest import CLIENT_SECRET, Open

VALUE = "canary-value-2306"
SECRETS = (CLIENT_SECRET, VALUE, "Bearer ey", "eyJ")


def body_with_secrets() -> dict[str, Any]:
    body = group_body()
    container = body["properties"]["containers"][0]["properties"]
    container["environmentVariables"] = [{"name": "TOKEN", "secureValue": VALUE}]
    return body


def found(caplog: pytest.LogCaptureFixture, *texts: str) -> list[str]:
    haystack = [caplog.text, *(record.getMessage() for record in caplog.records), *texts]
    return [secret for secret in SECRETS if any(secret in text for text in haystack)]


async def shown(work: Callable[[], Awaitable[object]]) -> str:
    """Do something and give all the text that it leaves."""
    try:
        return repr(await work())
    except AzureError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))


@pytest.fixture
async def vault_uri(session: Session, vault: ArmId) -> str:
    """The data plane's address."""
    return str((await session.vaults.get(vault))["properties"]["vaultUri"])


async def test_a_session_at_debug_level_shows_no_secret(
    session: Session, group: ArmId, vault_uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id = ids.container_group_id(group, "mycontainer")
    texts = [
        await shown(lambda: session.principal_id()),
        await shown(lambda: session.container_groups.put(id, body_with_secrets())),
        await shown(lambda: session.container_groups.get(id)),
        await shown(lambda: session.secrets(vault_uri).set("SampleSecret", VALUE)),
        await shown(lambda: session.secrets(vault_uri).list()),
    ]
    assert found(caplog, *texts, repr(session)) == []
    assert {record.name.split(".")[0] for record in caplog.records} >= {"azure"}


async def test_a_lost_answer_shows_no_secret(
    session: Session, azure: Emulator, vault_uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    azure.faults.next(method="PUT", lost=True)
    text = await shown(lambda: session.secrets(vault_uri).set("SampleSecret", VALUE))
    assert "ConnectionFailed" in text
    assert found(caplog, text) == []


async def test_an_answer_that_echoes_the_secret_shows_none(
    session: Session, azure: Emulator, group: ArmId, vault_uri: str
) -> None:
    azure.faults.next(
        method="PUT", status=400, code="InvalidRequestContent", message=f"bad '{VALUE}'", times=2
    )
    id = ids.container_group_id(group, "mycontainer")
    texts = [
        await shown(lambda: session.container_groups.put(id, body_with_secrets())),
        await shown(lambda: session.secrets(vault_uri).set("SampleSecret", VALUE)),
    ]
    assert ["bad '(secret)'" in text for text in texts] == [True, True]
    assert [secret for secret in SECRETS if secret in "".join(texts)] == []


async def test_a_refused_credential_shows_no_secret(
    open_session: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = await open_session(client_secret=f"{CLIENT_SECRET}-wrong")
    text = await shown(lambda: session.principal_id())
    assert "AADSTS7000215" in text
    assert found(caplog, text, repr(session._settings)) == []
