"""A person at a pseudo-terminal: `az container exec`, and lines typed in the container's shell."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import shutil
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from article.terminal import Terminal

_WIDE = (50, 1000)
"""Rows and columns: no line is folded."""
_PATIENCE = 90.0
_QUIET = "stty -echo; PS1= PS2= PROMPT_COMMAND=; export AZURE_CORE_COLLECT_TELEMETRY=0"
"""Typed first, so that what comes back is output and nothing else."""
_PROMPT = re.compile(r"[#$] $")
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")
_DONE = re.compile(r"<<done (\d+)>>\n?")


def missing() -> list[str]:
    """List what the shell of a container needs and this machine does not have."""
    tools = [name for name in ("bash", "curl", "jq") if shutil.which(name) is None]
    return tools if Path("/dev/ptmx").exists() else [*tools, "a pseudo-terminal"]


@dataclass
class Shell:
    """A shell in a container, behind the master end of a pseudo-terminal."""

    master: int
    text: str = ""

    async def type(self, line: str) -> str:
        """Type a line of the article and give what it printed; its code is put behind as `[n]`
        unless it is 0.

        Raises TimeoutError, naming the line and what came until then.
        """
        self.text = ""
        os.write(self.master, f'{line}\necho "<<done $?>>"\n'.encode())
        found = await self._until(_DONE, line)
        output = self.text[: found.start()]
        return output if found[1] == "0" else f"{output}[{found[1]}]"

    async def begin(self) -> None:
        """Wait for the shell's prompt, and make it quiet; what is typed before is thrown away."""
        await self._until(_PROMPT, "the shell's prompt")
        os.write(self.master, f'{_QUIET}\necho "<<begin""$?>>"\n'.encode())
        await self._until(re.compile(r"<<begin0>>\n"), "the shell's start")

    async def _until(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        try:
            async with asyncio.timeout(_PATIENCE):
                while (found := pattern.search(self.text)) is None:
                    self.text += _CONTROLS.sub("", await self._read())
        except TimeoutError:
            raise TimeoutError(f"{what}: nothing more after {self.text!r}") from None
        return found

    async def _read(self) -> str:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = loop.create_future()

        def wake() -> None:
            if not waiting.done():
                waiting.set_result(None)

        loop.add_reader(self.master, wake)
        try:
            await waiting
        finally:
            loop.remove_reader(self.master)
        return os.read(self.master, 64 * 1024).decode(errors="replace")


@asynccontextmanager
async def shell_in_container(terminal: Terminal, command: str) -> AsyncIterator[Shell]:
    """Run `az container exec` and give its shell; leaves it by `exit`, as a person would."""
    master, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, _WIDE)
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-euc",
        command,
        cwd=terminal.folder,
        env={**terminal.environment(), "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shell = Shell(master)
    try:
        await shell.begin()
        yield shell
        os.write(master, b"exit\n")
        await asyncio.wait_for(process.wait(), _PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(master)
