"""Who of several replicas acts: an election by Lease, measured with the monotonic clock alone.

The lease's own times are the wall clock of whoever wrote them and never compared: a standby counts
from when it saw the lease change, the leader from before it asked for a renewal. So neither is ever
later than the other's view of it, whatever their clocks say. ARM knows no fencing token: what is
promised is a bound (see `Leadership.left`), not a fence.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from aci_operator.api.leases import Lease
from aci_operator.engine.clock import Clock
from aci_operator.telemetry.logs import logger
from aci_operator.telemetry.metrics import Metrics

log = logger(__name__)


class LeadershipLost(Exception):
    """This replica may not act any more; only a new process begins again."""


class LeaseStore(Protocol):
    """Where the lease is kept. Both raise if they cannot, `write` also if another wrote first."""

    async def read(self) -> Lease:
        """Give the stored lease, an empty one if there is none."""
        ...

    async def write(self, lease: Lease) -> Lease:
        """Store it; give it as stored."""
        ...


@dataclass(frozen=True)
class Terms:
    """The times of an election, in seconds. ValueError if they do not fit together."""

    duration: int = 15
    """How long the lease is good for after a renewal."""
    deadline: float = 10.0
    """How long the leader tries to renew before it gives up."""
    retry: float = 2.0
    """Pause between two looks of a standby, and between two renewals."""
    write: float = 10.0
    """How long a write to Azure may take; a new leader waits as long before it begins."""

    def __post_init__(self) -> None:
        if not 0 < self.retry < self.deadline < self.duration:
            raise ValueError("retry period < renew deadline < lease duration is needed")
        if self.write + self.retry >= self.duration:
            raise ValueError("write time-out + retry period < lease duration is needed")


class Leadership:
    """One replica's part in the election."""

    def __init__(
        self, leases: LeaseStore, identity: str, terms: Terms, clock: Clock, metrics: Metrics
    ) -> None:
        self.identity = identity
        self.terms = terms
        self._leases = leases
        self._clock = clock
        self._lease = Lease()
        self._seen_at = -math.inf
        self._until = -math.inf
        self._overtaken = ""
        self._lost = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None
        metrics.leader.set_function(lambda: 1.0 if self.leading else 0.0)

    @property
    def leading(self) -> bool:
        """Whether the lease is ours now."""
        return self.left() > 0

    @property
    def lost(self) -> bool:
        """Whether it was ours and is not any more."""
        return self._lost.is_set()

    def left(self) -> float:
        """Seconds for which the lease is surely ours still; 0 if it is not."""
        return 0.0 if self.lost else max(0.0, self._until - self._clock.monotonic())

    async def acquire(self) -> None:
        """Stand by until the lease is ours; renewed from then on.

        Another's lease that ran out is taken only to wait: what its holder sent last may still be
        on its way for as long as a write may take.
        """
        log.info("standing by", identity=self.identity)
        while True:
            if await self._attempt(self._try):
                break
            await asyncio.sleep(self.terms.retry)
        self._renewing = asyncio.create_task(self._renew_forever(), name="lease")
        log.info("leading", identity=self.identity, transitions=self._lease.transitions)
        if self._overtaken:
            log.info("waiting for what may be on its way", before=self._overtaken)
            await asyncio.wait({self._renewing}, timeout=self.terms.write)

    async def wait_lost(self) -> None:
        """Return when the lease is lost."""
        await self._lost.wait()

    async def release(self) -> None:
        """Give the lease up, so that another takes over at once. Idempotent."""
        await self.stop()
        if self.leading:
            lease = self._lease.let_go(self._clock.now())
            self._until = -math.inf
            await self._attempt(lambda: self._leases.write(lease))
            log.info("lease released", identity=self.identity)

    async def stop(self) -> None:
        """Renew no more; the lease runs out by itself. Idempotent."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
            self._renewing = None

    async def _try(self) -> bool:
        """Look at the lease; take it if it is free or its holder has been silent for too long."""
        found = await self._leases.read()
        now = self._clock.monotonic()
        if found != self._lease:
            self._lease, self._seen_at = found, now
        if found.holder and now < self._seen_at + found.seconds:
            return False
        taken = found.taken(self.identity, self.terms.duration, self._clock.now())
        self._lease = await self._leases.write(taken)
        self._overtaken = found.holder
        self._until = now + self.terms.duration
        return True

    async def _renew_forever(self) -> None:
        renewed = self._until - self.terms.duration
        while not self._given_up(renewed):
            await asyncio.sleep(self.terms.retry)
            asked = self._clock.monotonic()
            if self._given_up(renewed):
                break
            if await self._attempt(self._renew):
                renewed = asked
                self._until = asked + self.terms.duration
        log.error("leadership lost", identity=self.identity, holder=self._lease.holder)
        self._lost.set()

    def _given_up(self, renewed: float) -> bool:
        foreign = self._lease.holder != self.identity
        return foreign or self._clock.monotonic() > renewed + self.terms.deadline

    async def _renew(self) -> bool:
        """Renew; after a failure the lease is read again, since a write may have come through."""
        try:
            self._lease = await self._leases.write(self._lease.kept(self._clock.now()))
        except Exception:
            self._lease = await self._leases.read()
            raise
        return True

    async def _attempt(self, work: Callable[[], Awaitable[object]]) -> bool:
        """Do it; what fails is logged and tried again by the caller."""
        try:
            return bool(await work())
        except Exception as error:
            log.warning("lease", error=type(error).__name__, message=str(error))
            return False
