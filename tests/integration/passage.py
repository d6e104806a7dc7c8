"""A way to the API server that can be closed, for those that take it, and for nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from yarl import URL

from control_plane.certificates import write_private


class Passage:
    """A port of loopback whose connections are led on as they are, TLS included."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._open: set[asyncio.StreamWriter] = set()
        self._listener: asyncio.Server | None = None
        self._port = 0

    async def open(self) -> None:
        """Let connections through, on the same port each time."""
        self._listener = await asyncio.start_server(self._lead, "127.0.0.1", self._port)
        self._port = self._listener.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Cut all connections, and refuse new ones."""
        if self._listener is not None:
            self._listener.close()
        for writer in list(self._open):
            writer.transport.abort()

    def kubeconfig(self, original: Path) -> Path:
        """Write a copy of a kubeconfig that leads through here, beside it; give its path."""
        content = json.loads(original.read_text())
        content["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{self._port}"
        path = original.with_suffix(".passage")
        path.unlink(missing_ok=True)
        write_private(path, json.dumps(content).encode())
        return path

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._server.host, self._server.port)
        self._open |= {writer, back}
        await asyncio.gather(_pump(reader, back), _pump(there, writer))
        self._open -= {writer, back}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(2**16):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def open_passage(url: str) -> AsyncIterator[Passage]:
    """Lead to that server until the end."""
    passage = Passage(URL(url))
    await passage.open()
    try:
        yield passage
    finally:
        passage.close()
