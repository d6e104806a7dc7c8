"""One HTTP exchange on any listener: parsed on the way in, recorded and encoded on the way out."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from azure_emulator.calls import Call, Calls, Surface, kept_body
from azure_emulator.clock import Clock
from azure_emulator.errors import AzureError
from azure_emulator.faults import Faults
from azure_emulator.wire import Response

BODY_LIMIT = 4 * 1024 * 1024
"""ARM takes bodies up to 4 MiB."""

_UNREAD = object()
_LOG = logging.getLogger(__name__)


@dataclass
class Incoming:
    """One request before anything is known of it.

    `path` is percent-decoded, without the query; `query` has lower-cased names; `headers` is
    read without letter case. Whoever finds out who calls sets `oid`, for the list of calls.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    """Scheme, host and port as the client wrote them, without a slash at the end."""
    oid: str = ""
    _parsed: Any = _UNREAD

    def json(self) -> Any:
        """Parse the body; None if there is none.

        Raises AzureError 400 InvalidRequestContent for a body that is not JSON.
        """
        if self._parsed is _UNREAD:
            self._parsed = _parse(self.body)
        return self._parsed

    def bearer(self) -> str:
        """Give the bearer token, or "" if there is none."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


Answer = Callable[[Incoming], Response | Awaitable[Response]]
"""What a listener needs: may be synchronous, which makes each request atomic; may raise
AzureError."""


class Unreachable(Exception):
    """Raised by an `Answer` at an address that nobody serves: the connection breaks, unanswered.

    The list of calls shows status 0.
    """


def _parse(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise AzureError(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized.",
            gateway=True,
        ) from None


class Exchange:
    """Answers the requests of one listener and writes each into the list of calls."""

    def __init__(self, surface: Surface, answer: Answer, clock: Clock, calls: Calls) -> None:
        self._surface = surface
        self._answer = answer
        self._clock = clock
        self._calls = calls
        self.faults: Faults | None = None

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, the way aiohttp's low-level server calls it."""
        incoming = await read(request)
        if isinstance(incoming, Response):
            return encode(incoming)
        fault = self.faults.match(incoming.method, incoming.path) if self.faults else None
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.status is not None:
            response = fault.response()
        else:
            response = await self._respond(incoming)
        self._record(incoming, response.status)
        if response.status == 0 or (fault is not None and fault.lost):
            return _drop(request)
        if fault is not None and fault.cut:
            return await _cut(request, encode(response))
        return encode(response)

    async def _respond(self, incoming: Incoming) -> Response:
        try:
            response = self._answer(incoming)
            if inspect.isawaitable(response):
                response = await response
        except AzureError as error:
            return Response(error.status, error.body(), error.headers)
        except Unreachable:
            return Response(0)
        except Exception:
            _LOG.exception("%s %s failed", incoming.method, incoming.path)
            bug = AzureError(500, "InternalServerError", "The emulator has a bug; see its log.")
            return Response(bug.status, bug.body())
        return response

    def _record(self, incoming: Incoming, status: int) -> None:
        version = incoming.query.get("api-version")
        path = f"{incoming.path}?api-version={version}" if version else incoming.path
        self._calls.record(
            Call(
                self._surface,
                incoming.method,
                path,
                status,
                incoming.oid,
                self._clock.now(),
                kept_body(incoming.body, _sent(incoming)),
            )
        )


def _sent(incoming: Incoming) -> Any:
    """Give the JSON that was sent, also where a fault answered before anybody read it."""
    try:
        return incoming.json()
    except AzureError:
        return None


async def read(request: web.BaseRequest) -> Incoming | Response:
    """Read a request; a body beyond the limit gives the answer that refuses it."""
    try:
        body = await request.read() if request.body_exists else b""
    except web.HTTPRequestEntityTooLarge:
        error = AzureError(
            413, "RequestContentTooLarge", "The request content exceeds 4 MB.", gateway=True
        )
        return Response(error.status, error.body(), error.headers)
    url = request.rel_url
    return Incoming(
        method=request.method,
        path=url.path,
        query={name.lower(): value for name, value in url.query.items()},
        headers=request.headers,
        body=body,
        base_url=f"{request.scheme}://{request.host}",
    )


def _drop(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _cut(request: web.BaseRequest, whole: web.Response) -> web.StreamResponse:
    """Send half of an answer's body, then break the connection."""
    body = whole.body if isinstance(whole.body, bytes) else b""
    if not body or request.transport is None:
        return _drop(request)
    part = web.StreamResponse(status=whole.status, headers=whole.headers)
    part.content_length = len(body)
    await part.prepare(request)
    await part.write(body[: len(body) // 2])
    request.transport.close()
    return part


def encode(response: Response) -> web.Response:
    """Write an answer."""
    if response.body is None:
        return web.Response(status=response.status, headers=response.headers)
    return web.Response(
        status=response.status,
        headers={"Content-Type": "application/json; charset=utf-8", **response.headers},
        body=json.dumps(response.body, separators=(",", ":")).encode(),
    )
