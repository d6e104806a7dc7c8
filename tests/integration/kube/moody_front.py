"""What stands between the operator and a real API server, and has its moods when told.

It passes every request on as the administrator; what it answers by itself is said by its switches.
"""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from control_plane import ControlPlane, kubeconfig

_KEPT = {"accept", "content-type"}
TOKEN = "first-token"


class MoodyFront:
    """Switches, and a count of what came of them."""

    def __init__(self, plane: ControlPlane, session: aiohttp.ClientSession, folder: Path) -> None:
        self._plane, self._session = plane, session
        self.kubeconfig = folder / "moody.kubeconfig"
        self.token = TOKEN
        """Every other one is refused with 401."""
        self.refuse_once = 0
        """How many of the next requests are refused with 401 though their token is good."""
        self.lists_fail = False
        self.watches_fail = False
        self.outdated = False
        """Watches ask from a version that the API server has long forgotten: its own 410 comes."""
        self.forgets = 0
        """Before how many next chunks etcd is compacted: they ask for a version that is gone."""
        self.silent = False
        """Streams that are open now, or opened meanwhile, deliver nothing for their whole life."""
        self.count: Counter[str] = Counter()
        self._streams: set[web.StreamResponse] = set()
        self._deaf: set[web.StreamResponse] = set()
        self.url = ""

    def say_token(self, token: str) -> None:
        """Write the kubeconfig with that token, as a kubelet renews a file."""
        fresh = self.kubeconfig.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        kubeconfig.write(fresh, {"server": self.url}, {"token": token})
        fresh.replace(self.kubeconfig)

    def break_streams(self) -> None:
        """Cut every open watch."""
        for stream in list(self._streams):
            _cut(stream)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, by a mood or by the API server."""
        watch = request.query.get("watch") == "true"
        refusal = self._refusal(request, watch)
        if refusal is not None:
            self.count[str(refusal.status)] += 1
            return refusal
        params = dict(request.url.query)
        if watch and self.outdated:
            params["resourceVersion"] = "1"
        if "continue" in params and self.forgets:
            self.forgets -= 1
            await asyncio.to_thread(self._plane.compact)
            params["continue"] = _of_the_first_version(params["continue"])
        headers = {name: text for name, text in request.headers.items() if name.lower() in _KEPT}
        async with self._session.request(
            request.method,
            f"{self._plane.url}{request.path}",
            params=params,
            headers=headers,
            data=await request.read() or None,
            timeout=aiohttp.ClientTimeout(total=None),
        ) as upstream:
            if watch:
                return await self._stream(request, upstream)
            body = await upstream.read()
            self.count["410"] += upstream.status == 410
        kind = upstream.content_type
        return web.Response(status=upstream.status, body=body, content_type=kind)

    def _refusal(self, request: web.Request, watch: bool) -> web.Response | None:
        good = request.headers.get("Authorization") == f"Bearer {self.token}"
        if good and self.refuse_once and watch:
            self.refuse_once -= 1
            good = False
        if not good:
            return web.json_response({"kind": "Status", "code": 401}, status=401)
        listing = request.method == "GET" and "limit" in request.query
        if (self.watches_fail and watch) or (self.lists_fail and listing):
            return web.json_response({"kind": "Status", "code": 500}, status=500)
        return None

    async def _stream(
        self, request: web.Request, upstream: aiohttp.ClientResponse
    ) -> web.StreamResponse:
        stream = web.StreamResponse(status=upstream.status)
        stream.content_type = upstream.content_type
        await stream.prepare(request)
        self._streams.add(stream)
        try:
            async for line in upstream.content:
                if b'"code":410' in line:
                    self.count["410"] += 1
                if self.silent:
                    self._deaf.add(stream)
                if stream in self._deaf:
                    self.count["swallowed"] += b'"MODIFIED"' in line
                else:
                    await stream.write(line)
        except (aiohttp.ClientError, ConnectionError):
            _cut(stream)
        finally:
            self._streams.discard(stream)
            self._deaf.discard(stream)
        return stream


def _of_the_first_version(token: str) -> str:
    """Give the same place in a list as it was when the storage was new."""
    place = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    aged = json.dumps({**place, "rv": 1}).encode()
    return base64.urlsafe_b64encode(aged).decode().rstrip("=")


def _cut(stream: web.StreamResponse) -> None:
    request = stream._req
    if request is not None and request.transport is not None:
        request.transport.abort()


@asynccontextmanager
async def moody_front(plane: ControlPlane, folder: Path) -> AsyncIterator[MoodyFront]:
    """Stand before the API server until the end."""
    connector = aiohttp.TCPConnector(ssl=_as_administrator(plane, folder), limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        front = MoodyFront(plane, session, folder)
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", front.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        front.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        front.say_token(TOKEN)
        try:
            yield front
        finally:
            front.break_streams()
            await asyncio.wait_for(runner.cleanup(), 10)


def _as_administrator(plane: ControlPlane, folder: Path) -> ssl.SSLContext:
    user = json.loads(plane.kubeconfig.read_text())["users"][0]["user"]
    pair = folder / "administrator.pem"
    entries = ("client-certificate-data", "client-key-data")
    pair.write_bytes(b"".join(base64.b64decode(user[name]) for name in entries))
    context = ssl.create_default_context(cafile=str(plane.ca_file))
    context.load_cert_chain(pair)
    return context
