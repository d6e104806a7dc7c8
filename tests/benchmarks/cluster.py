"""The API server as a benchmark sees it: objects are made, and a watch says when each is Ready."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from control_plane import ControlPlane

_OURS = "/apis/aci-operator.io/v1alpha1"
_AT_ONCE = 32
"""Requests under way at the same time."""


class Cluster:
    """One namespace, as the administrator."""

    def __init__(self, http: aiohttp.ClientSession, url: str, namespace: str) -> None:
        self._http, self._url, self._namespace = http, url, namespace
        self.ready: dict[str, float] = {}
        """Name of a container group -> when it was seen Ready (`time.perf_counter`)."""
        self._news = asyncio.Event()
        self._watch = asyncio.create_task(self._follow())

    async def create(self, plural: str, bodies: Iterable[dict[str, Any]]) -> dict[str, float]:
        """Create objects; gives when each one's request began, by name."""
        waiting, begun = iter(bodies), {}

        async def client() -> None:
            for body in waiting:
                begun[body["metadata"]["name"]] = time.perf_counter()
                await self._call("POST", self._path(plural), body)

        await asyncio.gather(*(client() for _ in range(_AT_ONCE)))
        return begun

    async def delete_all(self, plural: str) -> None:
        """Ask for the deletion of everything of that kind."""
        await self._call("DELETE", self._path(plural), None)

    async def until_ready(self, count: int) -> None:
        """Wait until so many container groups have been Ready."""
        while len(self.ready) < count:
            self._news.clear()
            news = asyncio.create_task(self._news.wait())
            await asyncio.wait({news, self._watch}, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if self._watch.done():
                self._watch.result()  # tells why it ended

    async def close(self) -> None:
        """End the watch."""
        self._watch.cancel()
        await asyncio.wait({self._watch})

    async def _follow(self) -> None:
        """Follow container groups; the API server ends a watch when it pleases."""
        url = self._url + self._path("containergroups")
        while True:
            async with self._http.get(url, params={"watch": "true"}, timeout=_NEVER) as stream:
                assert stream.status in (200, 429), await stream.text()
                if stream.status == 429:  # the kind is new
                    await asyncio.sleep(1)
                    continue
                async for line in stream.content:
                    self._learn(json.loads(line)["object"])

    def _learn(self, found: dict[str, Any]) -> None:
        conditions = found.get("status", {}).get("conditions", ())
        name = found["metadata"]["name"]
        if name not in self.ready and any(
            each["type"] == "Ready" and each["status"] == "True" for each in conditions
        ):
            self.ready[name] = time.perf_counter()
            self._news.set()

    def _path(self, plural: str) -> str:
        return f"{_OURS}/namespaces/{self._namespace}/{plural}"

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        async with self._http.request(method, self._url + path, json=body) as answer:
            assert answer.status < 300, await answer.text()


_NEVER = aiohttp.ClientTimeout(total=None, sock_read=None)


@asynccontextmanager
async def open_cluster(plane: ControlPlane, namespace: str) -> AsyncIterator[Cluster]:
    """Make the namespace and watch it."""
    plane.run_kubectl("create", "namespace", namespace)
    connector = aiohttp.TCPConnector(ssl=_administrator(plane), limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        cluster = Cluster(http, plane.url, namespace)
        try:
            yield cluster
        finally:
            await cluster.close()


def _administrator(plane: ControlPlane) -> ssl.SSLContext:
    user = json.loads(plane.kubeconfig.read_text())["users"][0]["user"]
    context = ssl.create_default_context(cafile=str(plane.ca_file))
    with tempfile.NamedTemporaryFile(suffix=".pem") as pair:
        for entry in ("client-certificate-data", "client-key-data"):
            pair.write(base64.b64decode(user[entry]))
        pair.flush()
        context.load_cert_chain(pair.name)
    return context
