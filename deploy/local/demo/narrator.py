"""Telling what happens: one line a step, commands as a user would type them, their output."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TextIO

_INDENT = "    "
_WIDTH = 150


class Narrator:
    """Writes to a stream, by default to standard output; lines appear at once."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._number = 0
        self.current = "getting started"
        """The step that is being told."""

    def step(self, text: str) -> None:
        """Begin a step."""
        self._number += 1
        self.current = f"step {self._number}: {text}"
        self._write(f"\n{self._number}. {text}")

    def command(self, line: str) -> None:
        """Show a command."""
        self._block(f"$ {line}")

    def output(self, text: str) -> None:
        """Show what a command gave."""
        self._block(text.rstrip("\n"))

    def json(self, body: object) -> None:
        """Show a JSON answer, broken into lines that a terminal holds."""
        self._block(
            textwrap.fill(json.dumps(body), _WIDTH, break_long_words=False, break_on_hyphens=False)
        )

    def remark(self, text: str) -> None:
        """Say what was checked, or why something is so."""
        self._block(f"# {text}")

    def plain(self, text: str = "") -> None:
        """Write a line outside any step."""
        self._write(text)

    def _block(self, text: str) -> None:
        self._write("\n".join(f"{_INDENT}{line}".rstrip() for line in text.splitlines()))

    def _write(self, text: str) -> None:
        print(text, file=self._stream, flush=True)
