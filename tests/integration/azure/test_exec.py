"""A command in a container, by exec's websocket, against the emulator."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from aci_operator.azure import exec as exec_
from aci_operator.azure import ids
from aci_operator.azure.errors import Rejected, Unavailable
from aci_operator.azure.exec import output
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.containers.provider import ContainerGroups
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body


@pytest.fixture
async def running(session: Session, group: ArmId, azure: Emulator) -> str:
    """A container group that runs."""
    id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(id, group_body())
    azure.clock.advance(60)
    return str(id)


async def test_what_the_line_printed_comes_back_with_the_line(
    session: Session, running: str
) -> None:
    shown = await session.exec(running, "main", "echo one two")
    assert shown == "# echo one two\r\none two\r\n# exit\r\n"


async def test_the_size_of_the_terminal_is_what_was_asked_for(
    session: Session, running: str
) -> None:
    assert "24 200\r\n" in await session.exec(running, "main", "stty size")


async def test_a_container_that_is_not_there_is_told(session: Session, running: str) -> None:
    with pytest.raises(Rejected) as raised:
        await session.exec(running, "other", "echo")
    assert raised.value.code == "ContainerNotFound"


async def test_an_offer_that_was_taken_up_already_does_not_open(
    session: Session, running: str
) -> None:
    offer = await session.container_groups.offer_exec(running, "main")
    await output(session._pool, None, offer, "echo")
    with pytest.raises(Unavailable) as raised:
        await output(session._pool, None, offer, "echo")
    assert (raised.value.code, offer["password"] in str(raised.value)) == (
        "ConnectionFailed",
        False,
    )


@pytest.mark.parametrize("offer", [{}, {"webSocketUri": "ws://h/p", "password": "p"}])
async def test_a_socket_without_tls_is_never_opened(
    session: Session, offer: dict[str, str]
) -> None:
    with pytest.raises(Unavailable) as raised:
        await output(session._pool, None, offer, "echo")
    assert raised.value.code == "Garbled"


async def test_a_port_that_swallows_everything_is_given_up_soon(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exec_, "OPENING", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        offer = {"webSocketUri": f"wss://127.0.0.1:{port}/", "password": "hush"}
        with pytest.raises(Unavailable) as raised:
            await output(session._pool, None, offer, "echo")
    told = (raised.value.code, raised.value.message)
    words = f"127.0.0.1:{port}: does not open within 0.2 seconds"
    assert told == ("ConnectionFailed", words)


async def test_the_role_for_exec_allows_just_what_exec_takes(azure: Emulator) -> None:
    groups = azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    taken = [route.action for route in groups.routes() if route.template.endswith("/exec")]
    role = Path(__file__).parents[3] / "deploy" / "azure-role-exec.json"
    assert json.loads(role.read_text())["Actions"] == taken
