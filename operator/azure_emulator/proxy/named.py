"""One TLS listener that is all of Azure by name: the certificate and the answer go by the host."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from azure_emulator.certificates import Authority
from azure_emulator.proxy.hosts import Kind, place

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def named_context(authority: Authority) -> ssl.SSLContext:
    """Make a TLS context that shows a certificate for the name the client asks for.

    A name that is not Azure's gets the certificate of the loopback address.
    """

    def choose(connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: object) -> None:
        if name is not None and place(name) is not None:
            connection.context = authority.context_for(name.lower())

    context = authority.own_context()
    context.sni_callback = choose
    return context


class Named:
    """Hands each request to what its `Host` stands for; 421 for a foreign host."""

    def __init__(self, handlers: Mapping[Kind, Handler]) -> None:
        self._handlers = handlers

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, the way aiohttp's low-level server calls it."""
        found = place(request.url.host or "")
        handler = self._handlers.get(found.kind) if found is not None else None
        if handler is None:
            return web.Response(status=421, text="No part of the emulated Azure has this name.\n")
        return await handler(request)
