from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from emulator.conftest import Client

OPERATOR = Path(__file__).parents[2] / "operator"

Running = tuple[asyncio.subprocess.Process, Path, str]


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "azure_emulator",
        *arguments,
        env={**os.environ, "PYTHONPATH": str(OPERATOR), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@pytest.fixture
async def running(tmp_path: Any) -> AsyncIterator[Running]:
    """A running emulator process: the process, its ready file, and what it has printed."""
    path = tmp_path / "ready.json"
    process = await start("--ready-file", str(path), "--directory", str(tmp_path / "files"))
    assert process.stdout is not None
    printed = await process.stdout.readuntil(b"az cloud register")
    yield process, path, printed.decode()
    if process.returncode is None:
        process.kill()
        await process.communicate()


async def test_the_ready_file_is_private_and_enough_to_sign_in(running: Running) -> None:
    _, path, _ = running
    ready = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    form = {
        "grant_type": "client_credentials",
        "client_id": ready["clientId"],
        "client_secret": ready["clientSecret"],
        "scope": "https://management.azure.com/.default",
    }
    url = f"{ready['activeDirectory']}/{ready['tenantId']}/oauth2/v2.0/token"
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=ready["caFile"]))
    async with aiohttp.ClientSession(connector=connector) as http:
        async with http.post(url, data=form) as response:
            token = (await response.json())["access_token"]
        arm = Client(http, ready["resourceManager"], token)
        group = f"/subscriptions/{ready['subscriptionId']}/resourceGroups/demo"
        answer = await arm("PUT", group, "2025-04-01", {"location": "westus"})
    assert answer.status == 201


async def test_what_is_printed_tells_where_but_no_secret(running: Running) -> None:
    _, path, printed = running
    ready = json.loads(path.read_text())
    for name in ("resourceManager", "activeDirectory", "control", "proxy", "caFile", "clientId"):
        assert ready[name] in printed
    assert str(path) in printed
    assert ready["clientSecret"] not in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly(running: Running, number: signal.Signals) -> None:
    process, path, _ = running
    process.send_signal(number)
    rest, _ = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in rest
    assert not path.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
async def test_it_listens_on_the_loopback_address_only(host: str) -> None:
    process = await start("--host", host)
    printed, _ = await process.communicate()
    assert process.returncode == 2
    assert b"listens on 127.0.0.1 only" in printed


async def test_a_port_that_is_taken_is_an_error_and_no_traceback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await start("--port", str(taken.getsockname()[1]))
        printed, _ = await process.communicate()
    assert process.returncode == 1
    assert b"Error: " in printed
    assert b"Traceback" not in printed


@pytest.mark.parametrize(("arguments", "warned"), [(("--exec-shell",), True), ((), False)])
async def test_whoever_lets_exec_run_commands_is_warned(
    tmp_path: Any, arguments: tuple[str, ...], warned: bool
) -> None:
    process = await start("--directory", str(tmp_path), *arguments)
    assert process.stdout is not None
    printed = await process.stdout.readuntil(b"az cloud register")
    process.terminate()
    rest, _ = await process.communicate()
    assert ("WARNING: --exec-shell" in (printed + rest).decode()) is warned
    assert process.returncode == 0
