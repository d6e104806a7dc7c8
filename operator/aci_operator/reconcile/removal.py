"""Deletion to the end: from the stored ARM ID, until GET says 404, whatever the spec says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent
from aci_operator.engine.queue import Share
from aci_operator.reconcile import account, observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.policies import deletes
from aci_operator.reconcile.steps import Wait

IN_FLIGHT = 2.0
"""Seconds between two looks at a resource that is being deleted."""
AGAIN = 300.0
"""Seconds after which a deletion that Azure accepted is asked for again: it may have failed, and
each DELETE spends a budget (azure.md section 9)."""


@dataclass(frozen=True)
class Remover:
    """How one kind's resource is read and deleted."""

    get: Callable[[str], Awaitable[Body]]
    delete: Callable[[str], Awaitable[None]]
    before: Callable[[Body], Awaitable[None]] | None = None
    """Called with what is there before it is deleted. Raises Wait where it is not yet its turn."""
    after: Callable[[], Awaitable[None]] | None = None
    """Called once Azure knows the resource no more, before the object goes."""


async def remove(p: Pass, remover: Callable[[], Remover], *, default_policy: str) -> None:
    """Delete the resource if it is ours and the policy says so; then let the object go."""
    arm_id = p.object.status.get("id")
    if not p.object.held:
        return
    if arm_id is None:
        await p.release()
        return
    if not deletes(p, default=default_policy):
        p.event(reasons.RETAINED, f"{arm_id} stays in Azure, as the deletion policy says.")
        await p.release()
        return
    await account.resolve_stored(p)
    await _remove_from_azure(p, arm_id, remover())


async def _remove_from_azure(p: Pass, arm_id: str, remover: Remover) -> None:
    body = await _read(remover, arm_id)
    if body is not None and not ownership.ours(p, body):
        p.event(reasons.RETAINED, f"{arm_id} is not this object's, so it stays in Azure.")
        await p.release()
        return
    if body is not None and not accepted(p, arm_id):
        if remover.before is not None:
            await remover.before(body)
        await remover.delete(arm_id)
        p.world.deleting[arm_id.lower()] = p.world.clock.monotonic()
        observation.wrote(p, arm_id)
        body = await _read(remover, arm_id)
    if body is not None:
        p.again(IN_FLIGHT, Share.OPERATION)
        raise Wait(reasons.DELETING, deleting(p, arm_id), after=IN_FLIGHT)
    p.event(reasons.DELETED, f"{arm_id} is gone.")
    if remover.after is not None:
        await remover.after()
    observation.forget(p, arm_id)
    await p.release()


def deleting(p: Pass, arm_id: str) -> str:
    """Tell of a deletion, with its age in minutes."""
    since = datetime.fromisoformat(str(p.object.deletion_timestamp))
    minutes = int((p.world.clock.now() - since).total_seconds() // 60)
    age = f" It was asked for {minutes} min ago." if minutes > 0 else ""
    return f"Azure is deleting {arm_id}.{age}"


def accepted(p: Pass, arm_id: str) -> bool:
    """Whether Azure took our DELETE a short while ago: it answers 202 and takes its time."""
    since = p.world.deleting.get(arm_id.lower(), float("-inf"))
    return p.world.clock.monotonic() - since < AGAIN


async def _read(remover: Remover, arm_id: str) -> Body | None:
    try:
        return await remover.get(arm_id)
    except Absent:
        return None
