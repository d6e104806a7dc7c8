"""How the parts are put together: settings in, one operator out."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aci_operator.api import reasons
from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import Key, Object
from aci_operator.azure.proxy import Proxy
from aci_operator.engine.clock import Clock
from aci_operator.engine.kill_switch import KillSwitch, Setting
from aci_operator.engine.leadership import Leadership, LeadershipLost, Terms
from aci_operator.engine.machine import RESYNC_SECONDS, Lists, Machine
from aci_operator.engine.queue import Share, WorkQueue
from aci_operator.engine.store import ReferencesOf, Store
from aci_operator.engine.sweeps import Sweeps
from aci_operator.engine.wakeups import Published
from aci_operator.engine.workers import STOP_SECONDS, Outcome, Reconcile, Workers
from aci_operator.kube import config_map, objects
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Unreachable
from aci_operator.kube.events import Recorder
from aci_operator.kube.lease import Leases
from aci_operator.telemetry.lag import LoopLag
from aci_operator.telemetry.metrics import Metrics
from aci_operator.telemetry.server import Health, Server


@dataclass(frozen=True)
class Settings:
    """What whoever runs the operator may choose. Times are in seconds."""

    kubeconfig: Path | None = None
    """None: the pod's own ServiceAccount."""
    operator_namespace: str = "aci-operator-system"
    cluster_id: str | None = None
    """The first part of the owner tag; None: the uid of the namespace kube-system."""
    watch_namespaces: tuple[str, ...] = ()
    """Empty: all. Else these alone are listed and watched, and no kind of the whole cluster is."""
    workers: int = 20
    poll_interval: float = 600.0
    health_interval: float = 60.0
    resync_interval: float = RESYNC_SECONDS
    placeholder_image: str = "mcr.microsoft.com/azure-cli"
    """What a group runs that waits for its access; it must have `tail`, and curl for a probe."""
    settle_rbac: float = 600.0
    settle_policy: float = 60.0
    """From writing a grant until it is held to have effect, by the vault's model."""
    health_host: str = "127.0.0.1"
    health_port: int = 8080
    """For probes and metrics; 0 takes any free port."""
    leader_elect: bool | None = None
    """Whether replicas agree on one that acts; None: in a cluster yes, with a kubeconfig no."""
    terms: Terms = field(default_factory=Terms)
    """Of the election."""
    deletion_guard: bool = False
    """Whether very many deletions at once are held (`reconcile.guard`)."""
    azure_proxy: Proxy | None = None
    """On the way to Azure; Kubernetes is never reached through it."""


@dataclass(frozen=True)
class Rules:
    """What the frame has to be told about our kinds."""

    references_of: ReferencesOf
    published: Published
    reconciler: Callable[[Operator], Reconcile]
    """Makes the function that does one pass, given the frame that it works in."""


class Operator:
    """Everything that lives as long as the process, and is started and stopped in order."""

    def __init__(
        self,
        settings: Settings,
        kube: Kube,
        rules: Rules,
        clock: Clock | None = None,
        random: Random | None = None,
    ) -> None:
        self.settings = settings
        self.kube = kube
        self.clock = clock or Clock()
        self.random = random or Random()
        self.metrics = Metrics()
        self.sweeps = Sweeps(self.clock)
        self.recorder = Recorder(kube, self.metrics)
        self.kinds = tuple(
            name for name, kind in KINDS.items() if kind.namespaced or not settings.watch_namespaces
        )
        """What is listed and watched."""
        queue = WorkQueue(self.clock)
        workers = Workers(
            queue, self._reconcile, settings.workers, self.metrics, self.random.random
        )
        lists = Lists(
            self.kinds, self._list_kind, every=settings.resync_interval, transient=Unreachable
        )
        store = Store(rules.references_of)
        self.leadership = self._election()
        self.kill_switch = KillSwitch(self._azure_writes(), self._wake_stopped)
        self.metrics.azure_writes_stopped.set_function(lambda: float(bool(self.kill_switch.why())))
        self.machine = Machine(store, workers, rules.published, lists, self.clock)
        self.lag = LoopLag()
        self.metrics.loop_lag_seconds.set_function(self.lag.seconds)
        health = Health(self._ready, self.machine.deaf_for, self.lag.seconds, self._lost)
        self.server = Server(self.metrics, health, settings.health_host, settings.health_port)
        self.closers: list[Callable[[], Awaitable[None]]] = []
        """What the passes opened and leave open; called once they have ended."""
        self._pass = rules.reconciler(self)
        self._stopped = False

    async def lead(self) -> None:
        """Answer probes, and stand by until this replica is the one that acts.

        Raises `OSError` if the port for probes is taken, `LeadershipLost` if it was for a moment
        only.
        """
        await self.server.start()
        self.lag.start()
        if self.leadership is not None:
            await self.leadership.acquire()
            if self.leadership.lost:
                raise LeadershipLost("the lease was lost before the first pass")

    async def start(self) -> None:
        """List everything and begin to work.

        Raises `Gone` if a CRD is not installed, `Denied` if a right is missing; waits as long as
        the API server cannot be reached.
        """
        self.recorder.start()
        await self.kill_switch.start()
        await self.machine.start()

    async def stop(self) -> None:
        """Let passes and events end, then close everything but the connection. Idempotent.

        Passes of one that does not lead any more are cut off. The lease is given up last, and
        only if no pass was cut off: what such a one sent may still be on its way.
        """
        if self._stopped:
            return
        self._stopped = True
        leadership = self.leadership
        ended = await self.machine.stop(0.0 if self._lost() else STOP_SECONDS)
        await self.kill_switch.stop()
        await self.sweeps.close()
        for closer in self.closers:
            await closer()
        await self.recorder.close()
        if leadership is not None:
            await (leadership.release() if ended else leadership.stop())
        await self.lag.stop()
        await self.server.stop()

    def _ready(self) -> bool:
        """Whether every kind is listed; one that stands by is ready to take over."""
        standing_by = self.leadership is not None and not self.leadership.leading
        return self.machine.ready or (standing_by and not self._stopped)

    def _lost(self) -> bool:
        return self.leadership is not None and self.leadership.lost

    def _election(self) -> Leadership | None:
        settings = self.settings
        wanted = settings.leader_elect
        if not (settings.kubeconfig is None if wanted is None else wanted):
            return None
        leases = Leases(self.kube, settings.operator_namespace, within=settings.terms.deadline / 2)
        identity = f"{socket.gethostname()}_{uuid.uuid4()}"
        return Leadership(leases, identity, settings.terms, self.clock, self.metrics)

    def _azure_writes(self) -> Setting:
        place = self.settings.operator_namespace
        return Setting(
            f"azureWrites of the ConfigMap {place}/{config_map.NAME}",
            lambda: config_map.read(self.kube, place, "azureWrites"),
            Unreachable,
        )

    def _wake_stopped(self) -> None:
        """Have those looked at that wait for nothing but the switch."""
        for kind in self.kinds:
            for found in self.machine.store.of_kind(kind):
                told = found.status.get("conditions") or ()
                if any(each["reason"] == reasons.AZURE_WRITES_STOPPED for each in told):
                    self.machine.wake(found.key, Share.WAKE)

    async def _reconcile(self, key: Key) -> Outcome:
        return await self._pass(key)

    async def _list_kind(self, kind: str) -> list[Object]:
        try:
            places = self.settings.watch_namespaces or (None,)
            lists = [await objects.list_all(self.kube, kind, place) for place in places]
            return [found for each in lists for found in each]
        except Gone as error:
            raise Gone(f"the API server does not serve {kind}: install the CRDs") from error


def build(
    settings: Settings,
    kube: Kube,
    rules: Rules,
    clock: Clock | None = None,
    random: Random | None = None,
) -> Operator:
    """Put the operator together; nothing runs yet.

    `clock` must go as the event loop's goes, or its owner pokes the queue; `random` spreads waits.
    """
    return Operator(settings, kube, rules, clock, random)
