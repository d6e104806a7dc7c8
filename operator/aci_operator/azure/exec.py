"""One line in a container's shell, by ACI's exec: a POST, then a websocket (azure.md section 1).

The command of the POST is one string, with no promise of arguments, so it names a shell and the
line is typed into it, as the article does by hand. The password goes first, as text; input is
binary; output is text or binary, the line itself among it, as a terminal shows it; the server
closes when the shell has ended, and gives no exit code. So a line has to print its own answer, in
words that the line does not hold. Neither password nor output is logged or put into an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from .errors import Unavailable
from .proxy import Proxy

OUTPUT_BYTES = 16 * 1024
"""More than any answer that is asked for; what is longer is cut off."""
SECONDS = 60.0
"""How long one line may take, its connection included."""
OPENING = 15.0
"""Of these, how long the socket may take to open: a closed port swallows what is sent to it."""
TERMINAL = {"rows": 24, "cols": 200}
"""The size never changes."""
SHELL = "/bin/sh"
_OUTPUT = (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY)
_OPERATION = "exec"


def request() -> dict[str, Any]:
    """Give the body of the POST."""
    return {"command": SHELL, "terminalSize": TERMINAL}


async def output(
    pool: aiohttp.ClientSession, proxy: Proxy | None, offer: Mapping[str, Any], line: str
) -> str:
    """Take up an offer `{webSocketUri, password}`, type a line; give what the terminal showed.

    Raises Unavailable for an offer that is none, for a socket that does not open (port 19390 may
    be closed) and for a line that takes longer than SECONDS.
    """
    url, password = str(offer.get("webSocketUri") or ""), str(offer.get("password") or "")
    if urlsplit(url).scheme != "wss" or not password:
        raise Unavailable("the offer holds no wss address", code="Garbled", operation=_OPERATION)
    way = proxy if proxy is not None and proxy.leads_to(url) else None
    try:
        async with asyncio.timeout(SECONDS):
            return await _said(await _opened(pool, url, way), password, line)
    except TimeoutError:
        reason = f"{urlsplit(url).netloc}: no end within {SECONDS:g} seconds"
    except (aiohttp.ClientError, OSError) as error:
        reason = f"{urlsplit(url).netloc}: {type(error).__name__}"
    raise Unavailable(reason, code="ConnectionFailed", operation=_OPERATION)


async def _opened(
    pool: aiohttp.ClientSession, url: str, way: Proxy | None
) -> aiohttp.ClientWebSocketResponse:
    """Open the socket. Raises Unavailable where that takes longer than OPENING, ClientError."""
    socket = pool.ws_connect(
        url,
        max_msg_size=OUTPUT_BYTES,
        proxy=way.url if way else None,
        proxy_headers=way.headers if way else None,
    )
    try:
        async with asyncio.timeout(OPENING):
            return await socket
    except TimeoutError:
        reason = f"{urlsplit(url).netloc}: does not open within {OPENING:g} seconds"
    raise Unavailable(reason, code="ConnectionFailed", operation=_OPERATION)


async def _said(link: aiohttp.ClientWebSocketResponse, password: str, line: str) -> str:
    """Say password and line; read until the server closes, or has said more than is kept."""
    kept = bytearray()
    try:
        await link.send_str(password)
        await link.send_bytes(f"{line}\nexit\n".encode())
        while len(kept) < OUTPUT_BYTES:
            message = await link.receive()
            if message.type not in _OUTPUT:
                break
            data = message.data
            kept += data.encode() if isinstance(data, str) else data
    finally:
        await link.close()
    return bytes(kept[:OUTPUT_BYTES]).decode("utf-8", "replace")
