"""The way to Azure: one connection pool per account, its own trust, bounded answers."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from azure.core.pipeline.transport import AioHttpTransport

from .fence import FENCED, Fence
from .proxy import Proxy

CONNECT_SECONDS = 10
READ_SECONDS = 60

MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""More than any page of a list that Azure gives; what is larger is cut off as broken."""


class BoundedResponse(aiohttp.ClientResponse):
    """An answer whose body is not read beyond MAX_ANSWER_BYTES, after decompression."""

    async def read(self) -> bytes:
        """Read the whole body; ClientPayloadError if it is too large."""
        if self._body is None:
            try:
                self._body = await self._bounded()
            except BaseException:
                self.close()  # an answer that was cut would keep its connection until collected
                raise
        return self._body

    async def _bounded(self) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in self.content.iter_chunked(64 * 1024):
            size += len(chunk)
            if size > MAX_ANSWER_BYTES:
                raise aiohttp.ClientPayloadError("the answer is too large")
            chunks.append(chunk)
        return b"".join(chunks)


def trust(ca_bundle: str | None) -> ssl.SSLContext:
    """Make the TLS context: the machine's authorities, or only those of the PEM text.

    Raises ValueError for text without a certificate that can be read.
    """
    if ca_bundle is None:
        return ssl.create_default_context()
    if not ca_bundle.strip():
        raise ValueError("caBundle: empty")  # which Python would take for the machine's own
    try:
        context = ssl.create_default_context(cadata=ca_bundle)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(f"caBundle: not PEM certificates ({error})") from None
    if not context.cert_store_stats()["x509_ca"]:
        raise ValueError("caBundle: holds no certificate of an authority")
    return context


def open_pool(ca_bundle: str | None) -> aiohttp.ClientSession:
    """Open the connection pool that all clients of one account share.

    Credentials of the environment (.netrc) are not used, cookies not kept.
    """
    pool = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trust(ca_bundle), limit=64),
        cookie_jar=aiohttp.DummyCookieJar(),
        response_class=BoundedResponse,
        trust_env=False,
    )
    # aiohttp sends a PUT or DELETE a second time when the connection breaks before the answer.
    # A second PUT may restart every container of a group; there is no public switch.
    pool._retry_connection = False
    return pool


class _Transport(AioHttpTransport):  # type: ignore[misc]  # which azure-core imports lazily
    """Azure-core's transport, by way of a proxy where one is meant to be used."""

    proxy: Proxy | None = None
    fence: Fence | None = None

    async def send(self, request: Any, **config: Any) -> Any:
        """Send a request; a write only while the lease lasts: a token may have taken its time."""
        if config.pop(FENCED, False) and self.fence is not None:
            self.fence.check(f"{request.method} {urlsplit(request.url).path}")
        config["proxies"] = None
        if self.proxy is not None and self.proxy.leads_to(request.url):
            config["proxy"] = self.proxy.url
            config["proxy_headers"] = self.proxy.headers
        return await super().send(request, **config)


def shared_transport(
    pool: aiohttp.ClientSession, proxy: Proxy | None = None, fence: Fence | None = None
) -> AioHttpTransport:
    """Give azure-core's transport over a pool that it neither opens nor closes."""
    transport = _Transport(
        session=pool,
        session_owner=False,
        use_env_settings=False,
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
    )
    transport.proxy = proxy
    transport.fence = fence
    return transport
