"""A real program on a pseudo-terminal of this machine, for exec with `Settings.exec_shell`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import shlex
import signal
import sys
import termios
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from azure_emulator.containers.streams import Link, Size

MARK = "AZURE_EMULATOR_SESSION"
"""A variable by which the processes of a session are found again."""
_CHUNK = 16 * 1024
_ROUNDS = 50
_PROC = Path("/proc")
_START = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
    signal.signal(number, signal.SIG_DFL)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    sys.exit(f"{sys.argv[1]}: {error.strerror}")
"""
"""Runs first in the new session: takes the terminal, then becomes the command. Python ignores
SIGPIPE, and a shell has what it starts in the background ignore the keys' signals."""


class Terminal:
    """One session: a command, its environment and its working folder."""

    def __init__(self, command: str, environment: Mapping[str, str], folder: Path) -> None:
        self._words = _split(command)
        self._mark = str(uuid.uuid4())
        self._environment = {**environment, MARK: self._mark}
        self._folder = folder

    async def run(self, link: Link) -> None:
        """Run the command until it ends or the client leaves; then nothing of it is left.

        Raises ConnectionError if the client left.
        """
        with _terminal(link.size) as (ours, theirs):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-IS",
                "-c",
                _START,
                *self._words,
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
            )
            os.close(theirs)
            try:
                await _join(ours, link)
            finally:
                await _end(process, self._mark)


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command) or ["/bin/sh"]
    except ValueError:
        return [command]


@contextlib.contextmanager
def _terminal(size: Size) -> Any:
    """Open a pseudo-terminal of a size; its far end is whoever's to close who starts a process."""
    ours, theirs = pty.openpty()
    try:
        termios.tcsetwinsize(theirs, (size.rows, size.cols))
        os.set_blocking(ours, False)
        yield ours, theirs
    finally:
        os.close(ours)


async def _join(terminal: int, link: Link) -> None:
    """Pass input and output on until either side ends."""
    loop = asyncio.get_running_loop()
    pumps = [loop.create_task(_output(terminal, link)), loop.create_task(_input(terminal, link))]
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for pump in pumps:
            pump.cancel()
        results = await asyncio.gather(*pumps, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _output(terminal: int, link: Link) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await _ready(terminal, loop.add_reader, loop.remove_reader)
        try:
            data = os.read(terminal, _CHUNK)
        except BlockingIOError:
            continue
        except OSError:  # what Linux says once nobody holds the far end
            return
        if not data:
            return
        await link.write(data)


async def _input(terminal: int, link: Link) -> None:
    loop = asyncio.get_running_loop()
    while (data := await link.read()) is not None:
        while data:
            await _ready(terminal, loop.add_writer, loop.remove_writer)
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(terminal, data) :]


async def _ready(terminal: int, add: Callable[..., Any], remove: Callable[[int], Any]) -> None:
    """Wait until a terminal can be read or written."""
    waiting = asyncio.get_running_loop().create_future()

    def wake() -> None:
        if not waiting.done():
            waiting.set_result(None)

    add(terminal, wake)
    try:
        await waiting
    finally:
        remove(terminal)


async def _end(process: asyncio.subprocess.Process, mark: str) -> None:
    """Kill every process of a session, also those that left its process group or its terminal."""
    rounds = 0
    while _kill(process.pid, mark) and rounds < _ROUNDS:
        rounds += 1
        if rounds > 1:  # twice at once, lest this is cancelled too
            await asyncio.sleep(0.01)
    if process.returncode is None:
        # Not by process.kill(), which would collect it before asyncio does.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    await process.wait()


def _kill(leader: int, mark: str) -> bool:
    """Kill what is found of a session; False if nothing is."""
    left = _members(leader, mark)
    for number in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)
    return bool(left)


def _members(leader: int, mark: str) -> list[int]:
    """Find the living processes of a session: by its number, and by the mark in their environment.

    Without /proc (not Linux) only the first process group is found.
    """
    if not _PROC.is_dir():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
        return []
    numbers = [int(each.name) for each in _PROC.iterdir() if each.name.isdigit()]
    return [number for number in numbers if _belongs(number, leader, mark)]


def _belongs(number: int, leader: int, mark: str) -> bool:
    try:
        state, *fields = (_PROC / f"{number}/stat").read_text().rpartition(")")[2].split()
        if state == "Z":
            return False
        in_session = int(fields[2]) == leader
        return in_session or mark.encode() in (_PROC / f"{number}/environ").read_bytes()
    except (OSError, ValueError):
        return False
