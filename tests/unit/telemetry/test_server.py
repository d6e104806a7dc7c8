from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from aci_operator.telemetry.metrics import Metrics
from aci_operator.telemetry.server import Health, Server


@asynccontextmanager
async def answers(ready: bool = True, deaf: float = 0.0) -> AsyncIterator[aiohttp.ClientSession]:
    server = Server(Metrics(), Health(lambda: ready, lambda: deaf), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
        yield session
    await server.stop()


async def status(session: aiohttp.ClientSession, path: str) -> int:
    async with session.get(path) as response:
        return response.status


@pytest.mark.parametrize(("ready", "expected"), [(True, 200), (False, 503)])
async def test_readiness_is_to_know_the_cluster(ready: bool, expected: int) -> None:
    async with answers(ready=ready) as session:
        assert await status(session, "/readyz") == expected


@pytest.mark.parametrize(("deaf", "expected"), [(0.0, 200), (299.0, 200), (301.0, 503)])
async def test_a_deaf_watch_is_not_alive(deaf: float, expected: int) -> None:
    async with answers(deaf=deaf) as session:
        assert await status(session, "/livez") == expected


async def test_one_that_is_not_ready_is_alive() -> None:
    async with answers(ready=False) as session:
        assert await status(session, "/livez") == 200


async def test_metrics_are_given_as_text() -> None:
    async with answers() as session, session.get("/metrics") as response:
        assert (response.status, response.content_type) == (200, "text/plain")
        assert "workqueue_depth" in await response.text()


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (Health(bool, float, lambda: 19.0), "ok\n"),
        (Health(bool, float, lambda: 21.0), "the event loop is 21 s late\n"),
        (Health(bool, float, float, lambda: True), "leadership was lost\n"),
    ],
)
async def test_one_that_is_late_or_has_lost_the_lead_is_not_alive(
    health: Health, said: str
) -> None:
    server = Server(Metrics(), health, "127.0.0.1", 0)
    await server.start()
    async with (
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session,
        session.get("/livez") as response,
    ):
        answer = (response.status, await response.text())
    await server.stop()
    assert answer == (200 if said == "ok\n" else 503, said)
