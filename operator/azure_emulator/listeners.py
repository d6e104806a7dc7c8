"""Listening sockets, all on the loopback address."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from azure_emulator.calls import Calls, Surface
from azure_emulator.clock import Clock
from azure_emulator.exchange import BODY_LIMIT, Answer, Exchange
from azure_emulator.faults import Faults

HOST = "127.0.0.1"
_BACKLOG = 1024
_SHUTDOWN_SECONDS = 0.05
"""What open requests get to end in; aiohttp takes 0 for no limit, then waits for idle clients."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Keep what the emulator does wrong, not that a client sent what is no HTTP: that is answered
    with 400."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


_LOG = logging.getLogger(__name__)
_LOG.addFilter(_is_ours)


class Listeners:
    """Opens and closes listeners while the emulator runs.

    `open` is synchronous: the socket listens when it returns, so the port is known at once, and
    whoever connects before the server behind it is up waits in the socket's queue.
    """

    def __init__(self, clock: Clock, calls: Calls, faults: Faults) -> None:
        self._clock = clock
        self._calls = calls
        self._faults = faults
        self._open: dict[int, tuple[web.Server, asyncio.Task[asyncio.Server]]] = {}
        self.tls: ssl.SSLContext | None = None

    def open(self, answer: Answer, *, surface: Surface, tls: bool = True, port: int = 0) -> int:
        """Listen with `answer` behind it and give the port.

        Raises OSError if a given port is taken, RuntimeError without a running event loop.
        """
        return self.serve(self.exchange(answer, surface), tls=tls, port=port)

    def exchange(self, answer: Answer, surface: Surface) -> Exchange:
        """Make the aiohttp handler that records calls and lets `answer` answer them."""
        exchange = Exchange(surface, answer, self._clock, self._calls)
        exchange.faults = self._faults
        return exchange

    def serve(self, handler: Any, *, tls: bool | ssl.SSLContext, port: int = 0) -> int:
        """Listen with a bare aiohttp handler behind it, unrecorded, and give the port."""
        loop = asyncio.get_running_loop()
        listening = socket.create_server((HOST, port), backlog=_BACKLOG)
        listening.setblocking(False)
        number = int(listening.getsockname()[1])
        server: web.Server = web.Server(
            handler,
            request_factory=_request,
            access_log=None,
            logger=_LOG,
            keepalive_timeout=75,
        )
        context = tls if isinstance(tls, ssl.SSLContext) else (self.tls if tls else None)
        starting = loop.create_task(loop.create_server(server, sock=listening, ssl=context))
        self._open[number] = (server, starting)
        return number

    async def close(self, port: int) -> None:
        """Stop listening on a port and drop its connections; nothing for an unknown port."""
        found = self._open.pop(port, None)
        if found is None:
            return
        server, starting = found
        listener = await starting
        listener.close()
        await server.shutdown(timeout=_SHUTDOWN_SECONDS)

    async def close_all(self) -> None:
        """Stop listening everywhere."""
        await asyncio.gather(*(self.close(port) for port in list(self._open)))


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    return web.BaseRequest(
        message,
        payload,
        protocol,
        writer,
        task,
        protocol._loop,
        client_max_size=BODY_LIMIT,
    )
