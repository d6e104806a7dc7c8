"""The plain operator as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).with_name("plain_operator.py")
OPERATOR = Path(__file__).parents[3] / "operator"


class Process:
    """The operator as a process of its own."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child = child
        assert child.stdout is not None
        assert child.stderr is not None
        self.out = child.stdout
        self.err = child.stderr
        self.said: list[str] = []

    @classmethod
    async def start(cls, namespace: Any, *args: str, kubeconfig: Path | None = None) -> Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            str(kubeconfig or namespace.plane.kubeconfig),
            namespace.name,
            *args,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(OPERATOR)},
            limit=2**20,
        )
        return cls(child)

    async def until(self, line: str) -> None:
        """Read on until the process has said this line."""
        async with asyncio.timeout(30):
            while line not in self.said:
                said = await self.out.readline()
                if not said:
                    raise AssertionError((await self.err.read()).decode())
                self.said.append(said.decode().strip())
        self.said = []

    async def until_logged(self, event: str) -> dict[str, Any]:
        async with asyncio.timeout(30):
            async for line in self.err:
                entry: dict[str, Any] = json.loads(line)
                if entry["event"] == event:
                    return entry
        raise AssertionError(f"ended before it logged {event!r}")

    async def stop(self, number: int = signal.SIGTERM) -> tuple[int, list[str], str]:
        """Exit code, what it printed and what it logged since it was last listened to."""
        if self.child.returncode is None:
            self.child.send_signal(number)
        out, err = await asyncio.wait_for(self.child.communicate(), 30)
        return await self.child.wait(), out.decode().splitlines(), err.decode()
