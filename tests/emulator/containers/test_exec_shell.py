"""Exec with a real shell on a real terminal."""

from __future__ import annotations

import json
import os
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import aiohttp
import pytest

from azure_emulator.clock import Clock
from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from emulator.conftest import NOON, Client
from emulator.containers.builders import (
    GROUP,
    PROVIDER,
    SUBSCRIPTION,
    VERSION,
    a_container,
    a_group,
    with_identity,
)
from emulator.containers.sockets import Shell, opened

TOOLS = ("bash", "grep", "head", "nohup", "setsid", "sleep", "stty", "wc", "yes")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.skipif(not Path("/dev/ptmx").exists(), reason="needs a pseudo-terminal"),
]
VARIABLES = [
    {"name": "PLAIN", "value": "p"},
    {"name": "HIDDEN", "secureValue": "s"},
    {"name": "http_proxy", "value": "http://example.org"},
]


class Bash(Protocol):
    def __call__(self, command: str = ...) -> AbstractAsyncContextManager[Shell]: ...


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(exec_shell=True, exec_path=(str(tmp_path / "first"),))


@pytest.fixture
async def running(arm: Client, azure: Emulator, group: str) -> None:
    await put(arm, azure)


async def put(arm: Client, azure: Emulator, os_type: str = "Linux") -> None:
    body = a_group(a_container(environmentVariables=VARIABLES), osType=os_type)
    body = with_identity(body, "SystemAssigned")
    assert (await arm("PUT", f"{PROVIDER}/containerGroups/demo", VERSION, body)).status == 201
    azure.clock.advance(60)


@pytest.fixture
def bash(arm: Client, http: aiohttp.ClientSession) -> Bash:
    """Run a command: `async with bash() as shell`."""

    @asynccontextmanager
    async def run(command: str = "/bin/bash --norc") -> AsyncIterator[Shell]:
        path = f"{PROVIDER}/containerGroups/demo/containers/one/exec"
        body = {"command": command, "terminalSize": {"rows": 40, "cols": 300}}
        answer = await arm("POST", path, VERSION, body)
        async with opened(http, answer.body) as shell:
            yield shell

    return run


async def say(shell: Shell, line: str) -> str:
    """Run a line in bash; give its output alone."""
    await shell.type(f"echo 'be''gin'; {line}; echo 'do''ne'\r")
    await shell.until("begin\r\n")
    return (await shell.until("done\r\n")).removesuffix("done\r\n").replace("\r\n", "\n")


def processes(mark: str) -> list[str]:
    """List the living processes that were given a mark as an argument."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words:
            found.append(folder.name)
    return found


async def test_the_containers_variables_are_there_and_ours_are_not(
    running: None, bash: Bash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "secret of the operator's user")
    async with bash() as shell:
        assert await say(shell, "echo $PLAIN $HIDDEN [$CANARY]") == "p s []\n"


async def test_it_is_a_terminal_of_the_size_asked_for(running: None, bash: Bash) -> None:
    async with bash() as shell:
        assert await say(shell, "tty -s && stty size") == "40 300\n"


async def test_home_is_an_empty_folder_that_lasts_until_the_container_starts_anew(
    running: None, bash: Bash, arm: Client, azure: Emulator
) -> None:
    async with bash() as shell:
        first = await say(shell, "ls -A ~; touch ~/made; [ $PWD = $HOME ] && echo here")
    async with bash("ls") as shell:
        second = await shell.end()
    await arm("POST", f"{PROVIDER}/containerGroups/demo/restart", VERSION)
    azure.clock.advance(60)
    async with bash("ls") as shell:
        third = await shell.end()
    assert (first, second, third) == ("here\n", "made\r\n", "")


async def test_the_path_begins_with_the_folders_given(
    running: None, bash: Bash, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    program = tmp_path / "first" / "az"
    program.write_text("#!/bin/sh\necho pinned\n")
    program.chmod(0o755)
    async with bash("az") as shell:
        assert await shell.end() == "pinned\r\n"


async def test_curl_finds_the_containers_identity_endpoint(
    running: None, bash: Bash, arm: Client, azure: Emulator
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    url = (
        "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
        "&resource=https%3A%2F%2Fvault.azure.net"
    )
    async with bash() as shell:
        token = json.loads(await say(shell, f'curl "{url}" -H Metadata:true -s'))
        refused = await say(shell, "curl -s -o /dev/null -w '%{http_connect}' https://example.org")
    shown = await arm("GET", f"{PROVIDER}/containerGroups/demo", VERSION)
    principal = azure.cloud.directory.find(shown.body["identity"]["principalId"])
    assert principal is not None
    assert (token["client_id"], refused) == (principal.appid, "403")


async def test_the_articles_windows_request_gives_a_token(
    arm: Client, azure: Emulator, group: str, bash: Bash
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    await put(arm, azure, "Windows")
    line = (
        "curl -s -G $IDENTITY_ENDPOINT --data-urlencode resource=https://vault.azure.net "
        "-H secret:$IDENTITY_HEADER"
    )
    async with bash() as shell:
        token = json.loads(await say(shell, line))
    assert token["resource"] == "https://vault.azure.net/"


async def test_ctrl_c_interrupts_what_runs(running: None, bash: Bash) -> None:
    async with bash() as shell:
        await say(shell, "PS1='next''? '")
        await shell.type("sh -c \"echo beg''un; exec sleep 1000\"\r")
        await shell.until("begun\r\n")
        await shell.type("\x03")
        await shell.until("next? ")
        await shell.type("ended=$?\r")
        ended = await say(shell, "echo $ended")
    assert ended == "130\n"


async def test_the_terminal_is_the_commands_own(running: None, bash: Bash) -> None:
    async with bash("sh -c 'echo mine > /dev/tty'") as shell:
        assert await shell.end() == "mine\r\n"


async def test_a_broken_pipe_ends_a_command_as_usual(running: None, bash: Bash) -> None:
    async with bash("bash -c 'yes | head -n 1; echo ${PIPESTATUS[0]}'") as shell:
        assert await shell.end() == "y\r\n141\r\n"


async def test_exit_closes_the_socket(running: None, bash: Bash) -> None:
    async with bash() as shell:
        await shell.type("exit\r")
        assert (await shell.end()).endswith("exit\r\n")


async def test_a_command_that_is_not_there_says_so(running: None, bash: Bash) -> None:
    async with bash("no-such-program") as shell:
        assert await shell.end() == "no-such-program: No such file or directory\r\n"


async def test_nothing_of_a_session_outlives_its_socket(
    running: None, bash: Bash, told: ContainerGroups
) -> None:
    mark = f"4{os.getpid()}.5"
    both = f"grep -lzx '[4]{mark[1:]}' /proc/*/cmdline 2>/dev/null | wc -l"
    async with bash() as shell:
        await say(shell, f"nohup setsid sleep {mark} & sleep {mark} & disown -a")
        await say(shell, f"until [ $({both}) = 2 ]; do :; done")
    await told.streams.idle()
    assert processes(mark) == []


async def test_nothing_of_a_session_outlives_the_emulator(settings: Settings) -> None:
    mark = f"4{os.getpid()}.75"
    group_id = f"{PROVIDER}/containerGroups/demo"
    async with Emulator(settings, clock=Clock(frozen_at=NOON)) as azure:
        owner = azure.create_service_principal("owner")
        azure.assign_role(owner.oid, "Owner", SUBSCRIPTION)
        context = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as http:
            arm = Client(http, azure.endpoints.resource_manager, azure.token(owner))
            await arm("PUT", GROUP, "2025-04-01", {"location": "westus"})
            await put(arm, azure)
            command = {"command": f"sh -c 'echo started; sleep {mark}; true'"}
            offer = await arm("POST", f"{group_id}/containers/one/exec", VERSION, command)
            socket = await http.ws_connect(offer.body["webSocketUri"])
            await socket.send_str(offer.body["password"])
            await Shell(socket).until("started")
            await azure.__aexit__(None, None, None)
            assert processes(mark) == []


async def test_the_control_api_cannot_switch_it_on(azure: Emulator) -> None:
    with pytest.raises(ValueError, match="exec_shell is no setting that can be changed"):
        azure.settings.change({"exec_shell": True})
