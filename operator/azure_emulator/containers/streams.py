"""The websockets of exec and attach: offered by ARM, opened with a password, closed at the end.

Evidence: azure.md section 1, "Exec protocol" (recording cli-container_exec-2023-05-01 and the
Azure CLI's code). What the service does with a wrong password, and the codes of its closing, are
not known: here the socket is closed with 1008.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import secrets
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from azure_emulator.cloud import Cloud
from azure_emulator.endpoints import by_azures_name
from azure_emulator.listeners import HOST

PASSWORD_SECONDS = 10
CLOSE_SECONDS = 1
"""How long a client may take to answer the end of a session."""
MESSAGE_BYTES = 64 * 1024
_OFFERED = 64
_PATH = "/execstream/sessionId/"
_PORT = 19390
_LARGEST = 1000
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Size:
    """Of a terminal; it never changes."""

    rows: int = 24
    cols: int = 80


class Link:
    """One open socket, as a program in a container sees it."""

    def __init__(self, socket: web.WebSocketResponse, size: Size, most: int) -> None:
        self._socket = socket
        self._cut: Callable[[], None] = lambda: None
        self.size = size
        self._left = most

    async def read(self) -> bytes | None:
        """Wait for input: a binary frame's bytes, or a text frame's; None once the client left."""
        message = await self._socket.receive()
        if message.type == WSMsgType.BINARY:
            return bytes(message.data)
        return str(message.data).encode() if message.type == WSMsgType.TEXT else None

    async def write(self, output: bytes | str) -> None:
        """Send output: text or binary frames.

        Raises ConnectionError if the client left, or had all the output that one may have.
        """
        self._left -= len(output)
        if self._left < 0:
            raise ConnectionError("too much output")
        if isinstance(output, str):
            await self._socket.send_str(output)
        else:
            await self._socket.send_bytes(output)

    def cut(self) -> None:
        """Break the connection, without the words that end a websocket."""
        self._cut()

    def cut_by(self, request: web.BaseRequest) -> None:
        """Take note of the connection."""
        if request.transport is not None:
            self._cut = request.transport.abort


Program = Callable[[Link], Awaitable[None]]


@dataclass(frozen=True)
class _Offer:
    password: str
    program: Program


class Streams:
    """All sockets of one emulated Azure, and the offers that nobody has taken up yet."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._offers: OrderedDict[str, _Offer] = OrderedDict()
        self._running: set[asyncio.Task[None]] = set()
        self._port = 0

    def offer(self, program: Program, region: str, size: Size, base_url: str) -> dict[str, str]:
        """Offer a socket with a program behind it; give `{webSocketUri, password}`.

        The oldest of more than 64 offers is withdrawn.
        """
        session, password = str(uuid.uuid4()), secrets.token_urlsafe(24)
        self._offers[session] = _Offer(password, program)
        if len(self._offers) > _OFFERED:
            self._offers.popitem(last=False)
        place = self._place(region, base_url)
        query = f"api-version=1.0&rows={size.rows}&cols={size.cols}"
        return {"webSocketUri": f"wss://{place}{_PATH}{session}?{query}", "password": password}

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, the way aiohttp's low-level server calls it."""
        session = request.path.removeprefix(_PATH)
        offer = self._offers.get(session.lower())
        if offer is None or not request.path.startswith(_PATH):
            return web.Response(status=404)
        if len(self._running) >= self._cloud.settings.exec_sessions:
            return web.Response(status=503)
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS, max_msg_size=MESSAGE_BYTES)
        if not socket.can_prepare(request).ok:
            return web.Response(status=400)
        await socket.prepare(request)
        if not await _knows(socket, offer.password):
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)
            return socket
        self._offers.pop(session.lower(), None)
        link = Link(socket, _size(request), self._cloud.settings.exec_output_bytes)
        link.cut_by(request)
        await self._run(offer.program, link)
        await socket.close()
        return socket

    async def idle(self) -> None:
        """Wait until no program runs."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """End all programs."""
        tasks = list(self._running)
        for task in tasks:
            if not task.cancelling():
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, program: Program, link: Link) -> None:
        task = asyncio.get_running_loop().create_task(_guarded(program, link))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await asyncio.wait([task])
        finally:
            if not task.cancelling():  # a second time it would interrupt the tidying up
                task.cancel()
            await asyncio.wait([task])

    def _place(self, region: str, base_url: str) -> str:
        """Give host and port: of Azure's pattern, or a listener of ours on the loopback address."""
        if by_azures_name(base_url):
            return f"sb{secrets.token_hex(7)}.{region}.atlas.cloudapp.azure.com:{_PORT}"
        if not self._port:
            self._port = self._cloud.listeners.serve(self, tls=True)
        return f"{HOST}:{self._port}"


async def _guarded(program: Program, link: Link) -> None:
    try:
        await program(link)
    except ConnectionError:
        pass
    except Exception:
        _LOG.exception("a program behind a socket failed")


async def _knows(socket: web.WebSocketResponse, password: str) -> bool:
    """Wait for the first message, which must be the password as text."""
    try:
        message = await socket.receive(timeout=PASSWORD_SECONDS)
    except TimeoutError:
        return False
    is_text = message.type == WSMsgType.TEXT
    return is_text and hmac.compare_digest(str(message.data).encode(), password.encode())


def _size(request: web.BaseRequest) -> Size:
    query = request.rel_url.query
    return Size(_number(query.get("rows", "24")), _number(query.get("cols", "80")))


def _number(text: str) -> int:
    return min(max(int(text), 1), _LARGEST) if re.fullmatch("[0-9]{1,9}", text) else 1
