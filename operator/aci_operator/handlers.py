"""The process: kopf lists and watches our kinds and feeds the machine; nothing else is kopf's.

Only `on.event` handlers are registered, so kopf never writes to the cluster: no annotation, no
finalizer, no progress record that could hold a secret. This is the only module that imports kopf.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import kopf

from aci_operator.api.kinds import KINDS, Kind
from aci_operator.api.objects import GROUP, VERSION
from aci_operator.engine.leadership import LeadershipLost
from aci_operator.engine.machine import Machine
from aci_operator.kube.client import Kube
from aci_operator.telemetry.logs import logger
from aci_operator.wiring import Operator

log = logger(__name__)

LOGIN_LIFETIME = timedelta(minutes=10)
"""How long kopf may use a token before it reads the file again; kubelets renew them hourly."""

# About five minutes in all: after that the watch gives up, and the process with it.
_BACKOFFS = (1, 2, 5, 10, 20, 30, 60, 60, 60, 60)

_GRACE_SECONDS = 1.0
"""kopf only reads, so there is nothing that it could lose."""


class WatchEnded(Exception):
    """kopf stopped without being told to; only a new process helps."""


async def run(operator: Operator) -> None:
    """Run until SIGTERM or SIGINT.

    Raises what `Operator.lead` and `Operator.start` raise, `WatchEnded` and `LeadershipLost`.
    """
    stopping = asyncio.Event()
    _catch_signals(stopping)
    # kopf waits five seconds for tasks that are born while it runs: this one is born before.
    stopped = asyncio.create_task(_set(stopping), name="stop signal")
    lost = asyncio.create_task(_lost(operator), name="leadership")
    try:
        if await _until(stopped, operator.lead()) and await _until(stopped, operator.start()):
            await _watch(operator, stopping, {stopped, lost})
    finally:
        stopped.cancel()
        lost.cancel()
        await operator.stop()


async def _until(stopped: asyncio.Task[Any], work: Coroutine[Any, Any, None]) -> bool:
    """Await the work unless the stop signal comes first; whether it was done."""
    starting = asyncio.create_task(work, name="start")
    await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        await starting
        return not stopped.done()
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    return False


async def _watch(
    operator: Operator, stopping: asyncio.Event, ends: set[asyncio.Task[None]]
) -> None:
    stop = asyncio.Event()
    places = operator.settings.watch_namespaces
    born_before = asyncio.all_tasks()
    tasks = await kopf.spawn_tasks(
        registry=registry_of(operator.machine, operator.kube, operator.kinds),
        settings=settings_of(),
        standalone=True,
        clusterwide=not places,
        namespaces=places,
        stop_flag=stop,
    )
    # In its last step kopf put its own signal handlers in place of ours. They would stop it before
    # our passes have ended. No turn of the event loop lies between, so no signal is lost to it.
    _catch_signals(stopping)
    watching = asyncio.create_task(kopf.run_tasks(tasks, ignored=born_before), name="kopf")
    log.info(
        "watching",
        kinds=len(operator.kinds),
        namespaces=list(places) or "all",
        objects=len(operator.machine.store),
    )
    await asyncio.wait({watching, *ends}, return_when=asyncio.FIRST_COMPLETED)
    told_to = stopping.is_set()
    # Our tasks end first: kopf would wait for those that were born while it ran.
    await operator.stop()
    stop.set()
    await _end(watching)
    if operator.leadership is not None and operator.leadership.lost:
        raise LeadershipLost("another replica may act now")
    if not told_to:
        raise WatchEnded("the watch ended")


async def _set(event: asyncio.Event) -> None:
    await event.wait()


async def _lost(operator: Operator) -> None:
    """Return when this replica may not act any more; never if there is no election."""
    if operator.leadership is None:
        await asyncio.Event().wait()
    else:
        await operator.leadership.wait_lost()


async def _end(watching: asyncio.Task[None]) -> None:
    """Let kopf close its connections, but do not wait for requests that it still repeats."""
    await asyncio.wait({watching}, timeout=_GRACE_SECONDS)
    watching.cancel()
    try:
        await watching
    except asyncio.CancelledError:
        log.info("the watch was cut off at the end")
    except Exception as error:
        raise WatchEnded(f"the watch failed: {type(error).__name__}") from error


def settings_of() -> kopf.OperatorSettings:
    """The settings that make kopf an informer and no more."""
    settings = kopf.OperatorSettings()
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.peering.standalone = True
    settings.watching.chunk_size = 500
    settings.watching.inactivity_timeout = 70
    settings.networking.request_timeout = 60
    settings.networking.error_backoffs = _BACKOFFS
    # Without it a loop that outlives kopf would be killed ten minutes later.
    settings.process.ultimate_exiting_timeout = None
    return settings


def registry_of(machine: Machine, kube: Kube, kinds: Sequence[str]) -> kopf.OperatorRegistry:
    """One handler per kind, and the login."""
    registry = kopf.OperatorRegistry()
    for kind in kinds:
        _register(registry, KINDS[kind], machine)

    @kopf.on.login(registry=registry, backoff=5)
    async def login(**_: Any) -> kopf.ConnectionInfo:
        return await _login(kube)

    return registry


def _register(registry: kopf.OperatorRegistry, kind: Kind, machine: Machine) -> None:
    # A coroutine, since kopf runs plain functions in threads.
    @kopf.on.event(GROUP, VERSION, kind.plural, id=kind.plural, registry=registry)
    async def observe(event: Any, **_: Any) -> None:
        body = {"kind": kind.kind, **event["object"]}
        if event["type"] == "DELETED":
            machine.vanish(body)
        else:
            machine.observe(body)


async def _login(kube: Kube) -> kopf.ConnectionInfo:
    way = await kube.connection()
    return kopf.ConnectionInfo(
        server=way.server,
        ca_path=way.ca_path,
        certificate_path=way.certificate_path,
        private_key_path=way.key_path,
        scheme=way.scheme,
        token=way.token,
        insecure=way.insecure,
        proxy_url=way.proxy_url,
        expiration=datetime.now(UTC) + LOGIN_LIFETIME,
    )


def _catch_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
