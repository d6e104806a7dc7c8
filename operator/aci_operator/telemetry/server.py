"""The probes and the metrics over HTTP: /livez, /readyz and /metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from aci_operator.telemetry.metrics import Metrics

DEAF_LIMIT_SECONDS = 300.0
LAG_LIMIT_SECONDS = 20.0
"""Far more than a busy loop is late, and more than a lease lasts."""


def _none() -> float:
    return 0.0


@dataclass(frozen=True)
class Health:
    """What the probes ask."""

    ready: Callable[[], bool]
    """Whether the operator knows the whole cluster and works."""
    deaf_for: Callable[[], float]
    """Seconds that a change has been known which the watch has not delivered."""
    lag: Callable[[], float] = _none
    """Seconds that the event loop is late."""
    lost: Callable[[], bool] = bool
    """Whether leadership was lost: the process should have ended."""


class Server:
    """Answers on its own port. A blocked event loop answers nothing, which fails the probe too."""

    def __init__(self, metrics: Metrics, health: Health, host: str, port: int) -> None:
        self._metrics = metrics
        self._health = health
        self._address = (host, port)
        app = web.Application(client_max_size=1024)
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._text)
        self._runner = web.AppRunner(app, access_log=None)

    @property
    def port(self) -> int:
        """The port that it listens on, once started (of use when 0 was asked for)."""
        return int(self._runner.addresses[0][1])

    async def start(self) -> None:
        """Listen. Raises `OSError` if the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._address).start()

    async def stop(self) -> None:
        """Close the port."""
        await self._runner.cleanup()

    async def _livez(self, _: web.Request) -> web.Response:
        problem = self._problem()
        return web.Response(status=503 if problem else 200, text=f"{problem or 'ok'}\n")

    def _problem(self) -> str:
        deaf, lag = self._health.deaf_for(), self._health.lag()
        if deaf > DEAF_LIMIT_SECONDS:
            return f"the watch has missed a change for {deaf:.0f} s"
        if lag > LAG_LIMIT_SECONDS:
            return f"the event loop is {lag:.0f} s late"
        return "leadership was lost" if self._health.lost() else ""

    async def _readyz(self, _: web.Request) -> web.Response:
        if not self._health.ready():
            return web.Response(status=503, text="the kinds are not all listed yet\n")
        return web.Response(text="ok\n")

    async def _text(self, _: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_LATEST}
        return web.Response(body=self._metrics.text(), headers=headers)
