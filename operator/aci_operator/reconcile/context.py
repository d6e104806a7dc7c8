"""One reconciling pass over one object: what it knows, what it says, how it writes status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.limits import Limits
from aci_operator.api.objects import Object
from aci_operator.azure.errors import WritesStopped
from aci_operator.azure.session import Session
from aci_operator.engine.queue import Share
from aci_operator.kube import finalizers
from aci_operator.kube.events import EventType
from aci_operator.kube.status import apply_status
from aci_operator.reconcile.status import StatusBuilder
from aci_operator.reconcile.world import World
from aci_operator.telemetry.logs import logger

log = logger(__name__)

_REFUSED = frozenset(
    (
        reasons.QUOTA_EXCEEDED,
        reasons.CAPACITY_UNAVAILABLE,
        reasons.IMAGE_INACCESSIBLE,
        reasons.REGISTRY_UNAVAILABLE,
        reasons.DNS_LABEL_TAKEN,
        reasons.WAITING_FOR_PRINCIPAL,
        reasons.CONFLICT,
    )
)
"""Azure refuses for now, and the same write is tried again."""
_WRITING = frozenset((reasons.CREATING, reasons.UPDATING))
"""A write is about to be made that may be made again without harm."""


class Pass:
    """The context of one pass. `object` moves on with every write of ours to it."""

    def __init__(self, world: World, object_: Object) -> None:
        self.world = world
        self.object = object_
        self.started_as = object_
        self.status = StatusBuilder(object_.status)
        self.recorded = ""
        """The reason that was written down before a write to Azure."""
        self.next: tuple[float, Share] | None = None
        self.gone = False
        """Whether the object went with our finalizer: there is nothing left to write to."""
        self.limits: Limits | None = None
        """What the account lends; None: it is the namespace's own. See `reconcile.authority`."""
        self.allows_exec = False
        """Whether the account lets commands be run in containers."""
        self._session: Session | None = None
        self.ready = (reasons.AVAILABLE, "The resource is there and as the spec says.")
        """Reason and message of Ready=True when the pass ends well."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """The spec of this pass; never changes within it."""
        return self.started_as.spec

    @property
    def namespace(self) -> str:
        """The object's namespace."""
        return self.object.key.namespace

    @property
    def generation(self) -> int:
        """The generation that this pass works for."""
        return self.started_as.generation

    @property
    def settled(self) -> bool:
        """Whether an earlier pass ended well for this very generation."""
        status = self.started_as.status
        return status.get("observedGeneration") == self.generation and conditions.is_true(
            status, conditions.READY
        )

    @property
    def session(self) -> Session:
        """The account's session; there only after `account.resolve`."""
        if self._session is None:
            raise RuntimeError("the account is not resolved yet")
        return self._session

    @session.setter
    def session(self, session: Session) -> None:
        self._session = session

    @property
    def owner(self) -> str:
        """What our resources are marked with in Azure: `<clusterID>/<namespace>/<name>`."""
        return f"{self.world.cluster_id}/{self.namespace}/{self.object.key.name}"

    @property
    def azure_name(self) -> str:
        """The name in Azure: `spec.azureName`, else the object's own."""
        name: str = self.spec.get("azureName") or self.object.key.name
        return name

    def again(self, after: float, share: Share) -> None:
        """Ask for another pass in `after` seconds; the earliest wish wins."""
        if self.next is None or after < self.next[0]:
            self.next = (after, share)

    def event(self, reason: str, message: str, *, type_: EventType = "Normal") -> None:
        """Post an event about the object, and write it down in the log."""
        stalled = log.warning if type_ == "Warning" else log.info
        stalled(message, action="event", reason=reason)
        self.world.recorder.record(self.object, type_, reason, message)

    async def hold(self) -> None:
        """Put our finalizer on the object, before the first write to Azure."""
        if not self.object.held:
            self._learn(await finalizers.add(self.world.kube, self.object))

    async def release(self) -> None:
        """Take our finalizer off: nothing is left to do in Azure."""
        if self.object.held:
            left = await finalizers.remove(self.world.kube, self.object)
            if left is not None:
                self._learn(left)
            else:
                self.gone = True
                self.world.lose(self.object.key, self.object.uid)

    async def record(self, reason: str, message: str, *, in_azure: bool = True) -> None:
        """Write down what is about to be done, so that a crash after the write can be told.

        Raises WritesStopped instead where it would not be done; what is no write to Azure is done.
        """
        why = self.world.writes_stopped() if in_azure else ""
        if why:
            raise WritesStopped(why)
        if self._tries_again(reason):
            return
        self.status.say(conditions.READY, "False", reason, message)
        self.status.say(conditions.RECONCILING, "True", reason, message)
        await self.store_status()
        self.recorded = reason
        self.status.unsay(conditions.RECONCILING)

    def _tries_again(self, reason: str) -> bool:
        """Whether Azure has refused just this before: it is written down, and no try writes."""
        stored = self.object.status
        before = conditions.find(stored, conditions.READY)
        refused = before.get("reason") in _REFUSED and reason in _WRITING
        same = before.get("observedGeneration") == self.generation
        return refused and same and self.status.fields == _fields(stored)

    async def store_status(self) -> None:
        """Write the status if it differs from the stored one. Raises kube's Stale and Gone."""
        status = self.status.build(self.generation, self.world.clock.now())
        if status != dict(self.object.status):
            self._learn(await apply_status(self.world.kube, self.object, status))
            self.status.stored(status)

    def _learn(self, written: Object) -> None:
        self.object = written
        self.world.learn(written)


def _fields(status: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in status.items() if k not in ("conditions", "observedGeneration")}
