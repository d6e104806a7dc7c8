"""The proxy: leads Azure's names to the emulator, and nobody anywhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from azure_emulator.listeners import HOST
from azure_emulator.proxy.head import Head, Malformed, parse
from azure_emulator.proxy.hosts import INSTANCE_METADATA, is_served
from azure_emulator.proxy.passes import Passes

HEAD_BYTES = 16 * 1024
HEAD_SECONDS = 30
CONNECTIONS = 512
LINGER_SECONDS = 2
LINGER_CHUNKS = 64
_CHUNK = 64 * 1024

InstanceUrl = Callable[[str], str]
"""Gives the base URL of the identity endpoint of a container group."""


class Refused(Exception):
    """The proxy's own answer."""

    def __init__(self, status: str, text: str, header: str = "") -> None:
        super().__init__(status)
        body = f"{text}\n".encode()
        lines = [
            f"HTTP/1.1 {status}",
            *([header] if header else []),
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        self.raw = "\r\n".join([*lines, "", ""]).encode() + body


class Proxy:
    """Listens on the loopback address; bytes are relayed to the emulator's own listeners.

    `CONNECT` to Azure's names leads to the listener `tls_port`, which has certificates for them;
    plain requests for 169.254.169.254 to the identity endpoint of the container group that the
    proxy credentials stand for. All else is refused: 403.
    """

    def __init__(self, tls_port: int, instance_url: InstanceUrl, passes: Passes) -> None:
        self._tls_port = tls_port
        self._instance_url = instance_url
        self._passes = passes
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; give the port."""
        self._server = await asyncio.start_server(self._accept, HOST, 0, limit=HEAD_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and drop all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            try:
                await self._lead(reader, writer)
            except Refused as refusal:
                await _refuse(reader, writer, refusal.raw)
        except (OSError, EOFError, TimeoutError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) > CONNECTIONS:
            raise Refused("503 Service Unavailable", "Too many connections.")
        head = await _read_head(reader)
        host, port = _address(head)
        if head.method == "CONNECT" and is_served(host, port):
            far = await asyncio.open_connection(HOST, self._tls_port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        elif head.method != "CONNECT" and (host, port) == (INSTANCE_METADATA, 80):
            target = urlsplit(self._instance_url(self._group(head)))
            far = await asyncio.open_connection(HOST, target.port)
            far[1].write(head.forwarded())
        else:
            raise Refused(
                "403 Forbidden",
                f"This proxy leads to an emulated Azure only, not to {host}:{port}.",
            )
        await _relay((reader, writer), far)

    def _group(self, head: Head) -> str:
        group_id = self._passes.group_of(head.password())
        if group_id is None:
            raise Refused(
                "407 Proxy Authentication Required",
                f"{INSTANCE_METADATA} answers to containers: the proxy credentials must be one's.",
                'Proxy-Authenticate: Basic realm="container"',
            )
        return group_id


async def _refuse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bytes
) -> None:
    """Answer, and take in what is still being sent: an answer may be lost on a closed socket that
    has unread bytes."""
    writer.write(answer)
    writer.write_eof()
    async with asyncio.timeout(LINGER_SECONDS):
        for _ in range(LINGER_CHUNKS):
            if not await reader.read(_CHUNK):
                break


async def _read_head(reader: asyncio.StreamReader) -> Head:
    try:
        raw = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
        return parse(raw)
    except asyncio.LimitOverrunError:
        raise Refused("431 Request Header Fields Too Large", "The head is too large.") from None
    except Malformed:
        raise Refused("400 Bad Request", "That is no HTTP request.") from None


def _address(head: Head) -> tuple[str, int]:
    try:
        return head.address()
    except Malformed:
        raise Refused("400 Bad Request", "That is no request to a proxy.") from None


async def _relay(
    near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Pass bytes both ways until both sides have ended; a broken side breaks the other."""
    try:
        async with asyncio.TaskGroup() as pumps:
            pumps.create_task(_pump(near[0], far[1]))
            pumps.create_task(_pump(far[0], near[1]))
    except* OSError:
        near[1].transport.abort()
    finally:
        far[1].close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
