"""Clients of exec's sockets: password first, binary input, output until the server closes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import aiohttp

Open = Callable[..., Awaitable[aiohttp.ClientWebSocketResponse]]
OUTPUT = (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY)


class Shell:
    """One open session; `output` is all that came so far."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.output = ""

    async def type(self, keys: str) -> None:
        """Send input as a binary frame."""
        await self.socket.send_bytes(keys.encode())

    async def until(self, text: str) -> str:
        """Read until a text has come; give what came before and with it."""
        while text not in self.output:
            message = await self.socket.receive(timeout=20)
            assert message.type in OUTPUT, f"closed after {self.output!r}"
            data = message.data
            self.output += data if isinstance(data, str) else data.decode("utf-8", "replace")
        before, found, self.output = self.output.partition(text)
        return before + found

    async def end(self) -> str:
        """Read until the server closes; give what came."""
        while (message := await self.socket.receive(timeout=20)).type in OUTPUT:
            data = message.data
            self.output += data if isinstance(data, str) else data.decode("utf-8", "replace")
        return self.output


@asynccontextmanager
async def opened(http: aiohttp.ClientSession, offer: Mapping[str, str]) -> AsyncIterator[Shell]:
    """Open an offered socket and send its password."""
    async with http.ws_connect(offer["webSocketUri"]) as socket:
        await socket.send_str(offer["password"])
        yield Shell(socket)
