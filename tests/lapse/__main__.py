"""`python -m lapse run ...`: the operator as it is, in lapsed time. For tests only."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import aiohttp

from aci_operator import handlers, rules, wiring
from aci_operator.azure import transport
from aci_operator.kube import client
from aci_operator.kube.client import Kube
from aci_operator.telemetry import logs
from lapse.time import Lapse, LapsedClock, LapsedLoop


def main() -> None:
    """Run it until SIGTERM."""
    options = _options()
    lapse = Lapse.of_environ()
    _keep_real_timeouts(lapse.speed)
    logs.configure(options.log_level)
    with asyncio.Runner(loop_factory=lambda: LapsedLoop(lapse.speed)) as runner:
        runner.run(_run(options, LapsedClock(lapse)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lapse")
    parser.add_argument("command", choices=["run"])
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--health-port", type=int, default=0)
    parser.add_argument("--poll-interval", type=float, required=True)
    parser.add_argument("--health-interval", type=float, required=True)
    parser.add_argument("--log-level", default="INFO")
    return parser.parse_args()


def _keep_real_timeouts(speed: float) -> None:
    """Servers and network are as fast as ever, so whoever waits for them has the real time."""
    transport.CONNECT_SECONDS = round(transport.CONNECT_SECONDS * speed)
    transport.READ_SECONDS = round(transport.READ_SECONDS * speed)
    client._TIMEOUT = aiohttp.ClientTimeout(total=30 * speed, sock_connect=10 * speed)


async def _run(options: argparse.Namespace, clock: LapsedClock) -> None:
    settings = wiring.Settings(
        kubeconfig=options.kubeconfig,
        health_port=options.health_port,
        poll_interval=options.poll_interval,
        health_interval=options.health_interval,
    )
    kube = await Kube.open(settings.kubeconfig)
    try:
        await handlers.run(wiring.build(settings, kube, rules.of_kinds(), clock))
    finally:
        await kube.close()


if __name__ == "__main__":
    main()
