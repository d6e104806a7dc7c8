"""Exec by the recorded protocol, with the commands that need no machine."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import aiohttp
import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.containers.reads import LOG_LINE
from azure_emulator.emulator import Emulator
from emulator.conftest import AsCaller, Client
from emulator.containers.builders import IMAGE, PROVIDER, VERSION, a_container, a_group
from emulator.containers.conftest import Call
from emulator.containers.sockets import Shell, opened

VARIABLES = [{"name": "PLAIN", "value": "p"}, {"name": "HIDDEN", "secureValue": "s"}]
SOCKET = re.compile(
    r"wss://(?P<place>[^/]+)/execstream/sessionId/[0-9a-f-]{36}\?api-version=1\.0&rows=24&cols=80"
)


class Exec(Protocol):
    def __call__(self, command: str, **size: int) -> AbstractAsyncContextManager[Shell]: ...


@pytest.fixture
async def running(aci: Call, azure: Emulator) -> None:
    body = a_group(a_container(environmentVariables=VARIABLES))
    assert (await aci("PUT", "demo", body)).status == 201
    azure.clock.advance(60)


@pytest.fixture
def exec_(aci: Call, http: aiohttp.ClientSession) -> Exec:
    """Run a command in the container: `async with exec_("printenv") as shell`."""

    @asynccontextmanager
    async def run(command: str, **size: int) -> AsyncIterator[Shell]:
        body: dict[str, Any] = {"command": command}
        if size:
            body["terminalSize"] = size
        answer = await aci("POST", "demo/containers/one/exec", body)
        assert answer.status == 200, answer.body
        async with opened(http, answer.body) as shell:
            yield shell

    return run


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("echo hello 'a  b'", "hello a  b\r\n"),
        ("printenv PLAIN", "p\r\n"),
        ("printenv", "PLAIN=p\r\nHIDDEN=s\r\n"),
        ("stty size", "24 80\r\n"),
        ("ls", "sh: ls: not found\r\n"),
        ("exit", ""),
        ("echo 'open", "sh: No closing quotation\r\n"),
    ],
)
async def test_a_command_runs_and_the_server_closes(
    running: None, exec_: Exec, command: str, printed: str
) -> None:
    async with exec_(command) as shell:
        assert await shell.end() == printed


async def test_the_size_is_the_requests_and_fixed(running: None, exec_: Exec) -> None:
    async with exec_("stty size", rows=40, cols=132) as shell:
        assert await shell.end() == "40 132\r\n"


async def test_a_shell_reads_lines_until_exit(running: None, exec_: Exec) -> None:
    async with exec_("/bin/sh") as shell:
        await shell.type("echo on")
        await shell.type("e\rexit\r")
        assert await shell.end() == "# echo one\r\none\r\n# exit\r\n"


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("echo wrong\x03exit\r", "# echo wrong^C\r\n# exit\r\n"),
        ("\x04", "# "),
        ("ex\x7f\x7f\x7fexit\r", "# ex\b \b\b \bexit\r\n"),
    ],
    ids=["ctrl-c", "ctrl-d", "backspace"],
)
async def test_a_shell_knows_the_keys_of_a_terminal(
    running: None, exec_: Exec, keys: str, shown: str
) -> None:
    async with exec_("/bin/sh") as shell:
        await shell.type(keys)
        assert await shell.end() == shown


async def test_the_answer_has_the_recorded_form(running: None, aci: Call) -> None:
    body = {"command": "ls", "terminalSize": {"rows": 24, "cols": 80}}
    answer = await aci("POST", "demo/containers/one/exec", body)
    assert set(answer.body) == {"webSocketUri", "password"}
    assert SOCKET.fullmatch(answer.body["webSocketUri"])


async def test_a_wrong_password_closes_the_socket(
    running: None, aci: Call, http: aiohttp.ClientSession
) -> None:
    offer = (await aci("POST", "demo/containers/one/exec", {"command": "printenv"})).body
    async with opened(http, {**offer, "password": "guess"}) as shell:
        assert (await shell.end(), shell.socket.close_code) == ("", 1008)


async def test_a_password_in_a_binary_frame_is_none(
    running: None, aci: Call, http: aiohttp.ClientSession
) -> None:
    offer = (await aci("POST", "demo/containers/one/exec", {"command": "printenv"})).body
    async with http.ws_connect(offer["webSocketUri"]) as socket:
        await socket.send_bytes(offer["password"].encode())
        assert (await Shell(socket).end(), socket.close_code) == ("", 1008)


async def test_a_session_is_there_once(
    running: None, aci: Call, http: aiohttp.ClientSession
) -> None:
    offer = (await aci("POST", "demo/containers/one/exec", {"command": "exit"})).body
    async with opened(http, offer) as shell:
        await shell.end()
    with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
        await http.ws_connect(offer["webSocketUri"])


async def test_open_sessions_are_bounded(
    running: None, azure: Emulator, aci: Call, http: aiohttp.ClientSession, exec_: Exec
) -> None:
    azure.settings.change({"exec_sessions": 1})
    offer = (await aci("POST", "demo/containers/one/exec", {"command": "exit"})).body
    async with exec_("/bin/sh") as shell:
        await shell.until("# ")
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await http.ws_connect(offer["webSocketUri"])


async def test_offers_are_bounded(running: None, aci: Call, http: aiohttp.ClientSession) -> None:
    offers = [
        (await aci("POST", "demo/containers/one/exec", {"command": "exit"})).body for _ in range(65)
    ]
    with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
        await http.ws_connect(offers[0]["webSocketUri"])
    async with opened(http, offers[-1]) as shell:
        assert await shell.end() == ""


async def test_output_is_bounded(running: None, azure: Emulator, exec_: Exec) -> None:
    azure.settings.change({"exec_output_bytes": 4})
    async with exec_("echo hello") as shell:
        assert await shell.end() == ""


async def test_a_request_that_is_no_websocket_is_refused(
    running: None, aci: Call, http: aiohttp.ClientSession
) -> None:
    offer = (await aci("POST", "demo/containers/one/exec", {"command": "exit"})).body
    async with http.get(offer["webSocketUri"].replace("wss:", "https:")) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    "body",
    [None, {}, {"command": 1}, {"command": "ls", "terminalSize": 5}, {"command": "ls", "x": 1}],
)
async def test_a_body_that_is_none_is_refused(running: None, aci: Call, body: Any) -> None:
    answer = await aci("POST", "demo/containers/one/exec", body)
    assert (answer.status, answer.code) == (400, "InvalidRequestContent")


async def test_any_size_is_taken_within_bounds(running: None, exec_: Exec) -> None:
    async with exec_("stty size", rows=0, cols=10**20) as shell:
        assert await shell.end() == "24 1\r\n"


async def test_a_container_that_is_not_there_is_not_found(running: None, aci: Call) -> None:
    answers = [
        await aci("POST", f"demo/containers/two/{verb}", {"command": "ls"})
        for verb in ("exec", "attach")
    ]
    assert [(each.status, each.code) for each in answers] == [(404, "ContainerNotFound")] * 2


async def test_a_group_that_is_being_made_is_transitioning(aci: Call) -> None:
    await aci("PUT", "demo", a_group())
    answer = await aci("POST", "demo/containers/one/exec", {"command": "ls"})
    assert (answer.status, answer.code) == (409, "ContainerGroupTransitioning")


async def test_exec_is_taken_of_a_container_that_has_ended_but_nothing_runs(
    told: ContainerGroups, aci: Call, azure: Emulator, http: aiohttp.ClientSession
) -> None:
    told.behave(IMAGE, exit_code=2)
    await aci("PUT", "demo", a_group(restartPolicy="Never"))
    azure.clock.advance(60)
    offer = await aci("POST", "demo/containers/one/exec", {"command": "echo hello"})
    async with opened(http, offer.body) as shell:
        assert (offer.status, await shell.end()) == (200, "")


async def test_exec_needs_its_own_right(running: None, as_caller: AsCaller) -> None:
    reader, _ = as_caller("Reader")
    answer = await reader(
        "POST",
        f"{PROVIDER}/containerGroups/demo/containers/one/exec",
        VERSION,
        {"command": "printenv"},
    )
    assert (answer.status, answer.code) == (403, "AuthorizationFailed")


async def test_attach_gives_the_output_and_takes_no_input(
    running: None, aci: Call, http: aiohttp.ClientSession, azure: Emulator
) -> None:
    offer = (await aci("POST", "demo/containers/one/attach")).body
    async with opened(http, offer) as shell:
        assert await shell.until("\n") == LOG_LINE
        await aci("POST", "demo/stop")
        await shell.type("echo hello\r")
        assert await shell.end() == ""


async def test_by_azures_name_the_socket_has_the_recorded_address(
    running: None, azure: Emulator, arm: Client, http: aiohttp.ClientSession
) -> None:
    path = f"{PROVIDER}/containerGroups/demo/containers/one/exec"
    async with aiohttp.ClientSession(
        connector=http.connector, connector_owner=False, proxy=azure.endpoints.proxy
    ) as session:
        client = Client(session, "https://management.azure.com", arm.token)
        offer = (await client("POST", path, VERSION, {"command": "echo hello"})).body
        async with opened(session, offer) as shell:
            assert await shell.end() == "hello\r\n"
    found = SOCKET.fullmatch(offer["webSocketUri"])
    assert found
    assert re.fullmatch(r"sb\w+\.westus\.atlas\.cloudapp\.azure\.com:19390", found["place"])


async def test_an_image_without_a_shell_opens_none(
    running: None, exec_: Exec, told: ContainerGroups
) -> None:
    told.behave(IMAGE, programs=("curl",))
    async with exec_("/bin/sh") as shell:
        assert await shell.end() == "/bin/sh: No such file or directory\r\n"


async def test_a_shell_shows_what_a_test_tells_it_one_text_for_each_session(
    running: None, exec_: Exec, told: ContainerGroups
) -> None:
    told.exec_shows(IMAGE, "first", "then")
    shown = []
    for _ in range(3):
        async with exec_("/bin/sh") as shell:
            await shell.type("ls\n")
            shown.append(await shell.end())
    assert shown == ["ls\r\nfirst", "ls\r\nthen", "ls\r\nthen"]


async def test_a_connection_is_cut_where_a_test_tells_it(
    running: None, exec_: Exec, told: ContainerGroups
) -> None:
    told.exec_shows(IMAGE, "half", cut=True)
    async with exec_("/bin/sh") as shell:
        await shell.type("ls\n")
        await shell.until("half")
        await shell.end()
    assert shell.socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
