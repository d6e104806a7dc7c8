"""A handful of commands that need no machine to run on: for tests of clients of exec.

`echo`, `printenv [NAME]`, `stty size`, `exit`; a shell (`sh`, `bash`) reads them from the socket,
line by line, as a terminal would: with echo, Ctrl-C and Ctrl-D.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from azure_emulator.containers.streams import Link, Size

PROMPT = "# "
_SHELLS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash"})
_LINE = 4096
_INTERRUPT, _END, _ERASE = 0x03, 0x04, (0x08, 0x7F)


class Console:
    """One session, given the container's environment."""

    def __init__(self, command: str, environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment

    async def run(self, link: Link) -> None:
        """Run the command to its end."""
        if self._command.strip() in _SHELLS:
            await self._shell(link)
        else:
            await link.write(run_line(self._command, self._environment, link.size) or "")

    async def _shell(self, link: Link) -> None:
        line = bytearray()
        await link.write(PROMPT)
        while (data := await link.read()) is not None:
            for byte in data:
                if byte == _END and not line:
                    return
                if not await self._key(byte, line, link):
                    return

    async def _key(self, byte: int, line: bytearray, link: Link) -> bool:
        """Take one byte of input; False ends the shell."""
        if byte == _INTERRUPT:
            line.clear()
            await link.write(f"^C\r\n{PROMPT}")
        elif byte in (0x0A, 0x0D):
            text = line.decode("utf-8", "replace")
            line.clear()
            output = run_line(text, self._environment, link.size)
            if output is None:
                await link.write("\r\n")
                return False
            await link.write(f"\r\n{output}{PROMPT}")
        elif byte in _ERASE:
            await link.write("\b \b" if line else "")
            del line[-1:]
        elif byte != _END and len(line) < _LINE:
            line.append(byte)
            await link.write(bytes([byte]))
        return True


def run_line(line: str, environment: Mapping[str, str], size: Size) -> str | None:
    """Run one command line; give its output as a terminal shows it, None for `exit`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        return f"sh: {error}\r\n"
    if not words:
        return ""
    if words[0] == "exit":
        return None
    lines = _output(words, environment, size)
    return "".join(f"{each}\r\n" for each in lines)


def _output(words: list[str], environment: Mapping[str, str], size: Size) -> list[str]:
    command, *arguments = words
    if command == "echo":
        return [" ".join(arguments)]
    if command == "printenv" and not arguments:
        return [f"{name}={value}" for name, value in environment.items()]
    if command == "printenv":
        return [environment[name] for name in arguments if name in environment]
    if words == ["stty", "size"]:
        return [f"{size.rows} {size.cols}"]
    return [f"sh: {command}: not found"]
