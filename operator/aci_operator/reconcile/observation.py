"""Reading Azure as seldom as the design allows: one LIST for all, a GET before any write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aci_operator.azure.errors import Absent, Forbidden
from aci_operator.engine.queue import Share
from aci_operator.reconcile import authority, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import poll_wish

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Observed:
    """What Azure says. `direct` is False for what a sweep says: no write may follow from that."""

    body: Body | None
    direct: bool


@dataclass(frozen=True)
class Reader:
    """How one resource is read: by its own GET, and by the sweep of its scope (None: no sweep)."""

    arm_id: str
    get: Callable[[str], Awaitable[Body]]
    scope: str | None = None
    sweep: Callable[[str], Awaitable[Sequence[Body]]] | None = None
    kind: str = ""


async def observe(p: Pass, reader: Reader) -> Observed:
    """Read the resource: a settled object from its scope's sweep, any other by a direct GET, and
    so when somebody asked for a look.

    Absence in a sweep says nothing, so it is followed by a GET; a sweep that began before our
    own last write to the resource says nothing about it either.
    """
    if p.settled and _may_sweep(p, reader) and not wishes.requested(p):
        swept = await _swept(p, reader)
        if swept is not None:
            return Observed(swept, direct=False)
    return await direct(p, reader)


def _may_sweep(p: Pass, reader: Reader) -> bool:
    """A scope that the account does not reach as a whole is not listed."""
    return reader.scope is not None and authority.covers(p, reader.scope)


async def direct(p: Pass, reader: Reader) -> Observed:
    """Read the resource by its own GET; `body` is None for a 404."""
    try:
        return Observed(await reader.get(reader.arm_id), direct=True)
    except Absent:
        return Observed(None, direct=True)


def wrote(p: Pass, arm_id: str) -> None:
    """Remember that we have just written the resource: older sweeps say nothing about it."""
    p.world.written[arm_id.lower()] = p.world.clock.monotonic()


def forget(p: Pass, arm_id: str) -> None:
    """Forget what was remembered of a resource that is gone."""
    p.world.written.pop(arm_id.lower(), None)
    p.world.deleting.pop(arm_id.lower(), None)
    p.world.viewed.pop(arm_id.lower(), None)


def poll_interval(p: Pass) -> float:
    """Give the seconds between two looks at a settled object: its own wish, else the setting."""
    return poll_wish(p) or p.world.pace.poll


def poll_again(p: Pass, begun_at: float | None = None) -> None:
    """Ask for the next look, counted from when the last one began: so a scope's objects meet."""
    pause = poll_interval(p)
    now = p.world.clock.monotonic()
    due = (now if begun_at is None else begun_at) + pause - now
    jitter = p.world.random.uniform(0.01, 0.05) * pause
    p.again(max(due, 0.0) + jitter, Share.DRIFT)


async def _swept(p: Pass, reader: Reader) -> Body | None:
    assert reader.sweep is not None
    assert reader.scope is not None
    now = p.world.clock.monotonic()
    newest_write = p.world.written.get(reader.arm_id.lower(), float("-inf"))
    sweep, scope = reader.sweep, reader.scope

    async def fetch() -> dict[str, Body]:
        return {str(body["id"]).lower(): body for body in await sweep(scope)}

    key = (p.session.subscription_id, p.session.client_id, reader.kind, scope.lower())
    try:
        snapshot = await p.world.sweeps.read(key, now - poll_interval(p), fetch)
    except (Absent, Forbidden):
        return None
    if snapshot.begun_at <= newest_write:
        return None
    poll_again(p, snapshot.begun_at)
    return snapshot.items.get(reader.arm_id.lower())
