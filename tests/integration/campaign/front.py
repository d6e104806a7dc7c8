"""What stands between the operator and a real API server, and counts, holds, drops and doubles.

Requests go on with the operator's own token, so its rights are what they are in a cluster.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from aiohttp import web

from control_plane import ControlPlane, kubeconfig

_KEPT = {"accept", "content-type", "authorization"}
_OURS = "/apis/aci-operator.io/"


class Front:
    """The way to one API server; what it does to it is said by its attributes."""

    def __init__(self, plane: ControlPlane, session: aiohttp.ClientSession) -> None:
        self._plane, self._session = plane, session
        self.url = ""
        self.writes: list[str] = []
        """What the API server has done for the operator, as `PATCH containergroups/name/status`."""
        self.on_write: Callable[[], bool] = lambda: False
        """Told of each such write before it is answered; whether the answer is kept back."""
        self.watched = asyncio.Event()
        """A watch was opened since this was cleared."""
        self.last = 0.0
        """When the operator last wrote (loop time)."""
        self.shown: dict[str, bytes] = {}
        """Path -> the list that is shown in place of what is there."""
        self.released = asyncio.Event()
        """Watches deliver; while it is not set, they are open and silent."""
        self.released.set()
        self.drop = self.double = 0.0
        """How likely an event is dropped, or delivered twice."""
        self.random = Random(0)
        self.count: Counter[str] = Counter()
        self._lists: dict[str, dict[str, str]] = {}
        self._streams: set[web.StreamResponse] = set()

    async def photograph(self) -> dict[str, bytes]:
        """Give all lists that the operator has ever asked for, as they are now."""
        photo = {}
        for path, headers in list(self._lists.items()):
            async with self._session.get(f"{self._plane.url}{path}", headers=headers) as answer:
                photo[path] = await answer.read()
        return photo

    def hold(self, photo: dict[str, bytes]) -> None:
        """Show that in place of all lists, and let watches deliver nothing."""
        self.shown = photo
        self.released.clear()

    def release(self) -> None:
        """Show what is there; watches go on from where the photo was taken."""
        self.shown = {}
        self.released.set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Pass one request on."""
        headers = {name: text for name, text in request.headers.items() if name.lower() in _KEPT}
        if request.query.get("watch") == "true":
            return await self._watch(request, headers)
        if request.method == "GET" and "limit" in request.query:
            self._lists[request.path] = headers
            if request.path in self.shown:
                self.count["stale lists"] += 1
                return web.Response(body=self.shown[request.path], content_type="application/json")
        async with self._session.request(
            request.method,
            f"{self._plane.url}{request.path}",
            params=dict(request.url.query),
            headers=headers,
            data=await request.read() or None,
        ) as upstream:
            body = await upstream.read()
        if request.method != "GET" and upstream.status < 300 and self._written(request):
            raise web.HTTPServiceUnavailable  # nobody is there to read it
        return web.Response(status=upstream.status, body=body, content_type=upstream.content_type)

    def _written(self, request: web.Request) -> bool:
        self.last = asyncio.get_running_loop().time()
        self.writes.append(f"{request.method} {request.path.rpartition('/namespaces/')[2]}")
        return self.on_write()

    async def _watch(self, request: web.Request, headers: dict[str, str]) -> web.StreamResponse:
        stream = web.StreamResponse()
        stream.content_type = "application/json"
        await stream.prepare(request)
        self._streams.add(stream)
        self.watched.set()
        try:
            await self.released.wait()
            async with self._session.get(
                f"{self._plane.url}{request.path}",
                params=dict(request.url.query),
                headers=headers,
            ) as upstream:
                async for line in upstream.content:
                    for _ in range(self._times(json.loads(line))):
                        await stream.write(line)
        except (aiohttp.ClientError, ConnectionError):
            pass
        finally:
            self._streams.discard(stream)
        return stream

    def _times(self, event: dict[str, Any]) -> int:
        """Say how often an event is delivered."""
        if event["type"] not in ("ADDED", "MODIFIED", "DELETED"):
            return 1
        chance = self.random.random()
        if chance < self.drop:
            self.count["dropped"] += 1
            return 0
        if chance < self.drop + self.double:
            self.count["doubled"] += 1
            return 2
        return 1

    def cut(self) -> None:
        """Cut all watches."""
        for stream in list(self._streams):
            request = stream._req
            if request is not None and request.transport is not None:
                request.transport.abort()


@asynccontextmanager
async def open_front(plane: ControlPlane) -> AsyncIterator[Front]:
    """Stand before the API server until the end."""
    trust = ssl.create_default_context(cafile=str(plane.ca_file))
    connector = aiohttp.TCPConnector(ssl=trust, limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        front = Front(plane, session)
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", front.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        front.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield front
        finally:
            front.release()
            front.cut()
            await asyncio.wait_for(runner.cleanup(), 10)


def kubeconfig_through(front: Front, original: Path, path: Path) -> Path:
    """Write a kubeconfig with the same user that leads through the front."""
    user = json.loads(original.read_text())["users"][0]["user"]
    return kubeconfig.write(path, {"server": front.url}, user)
