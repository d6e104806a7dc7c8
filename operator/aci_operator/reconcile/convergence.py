"""Observe, decide, act: at most one mutating step, and none from hearsay."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aci_operator.api import reasons
from aci_operator.reconcile import drift, freshness, observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.drift import Found, Paths
from aci_operator.reconcile.observation import Body, Observed, Reader
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Wait

ABSENT_RETRY = 60.0
"""Seconds between two looks for what is only observed and not there."""


@dataclass(frozen=True)
class Shape:
    """One kind's decisions about its resource and the two writes that carry them out."""

    create: Callable[[], Awaitable[Body]]
    differences: Callable[[Body], Paths]
    """Pure: the paths in which the observed body is not as wanted."""
    update: Callable[[Body, Paths], Awaitable[Body]]
    """Write these paths, and the owner tag."""
    lasting: Callable[[Body], Paths] = lambda body: ()
    """Pure: paths that differ and that Azure takes at creation alone: reported, never written."""
    announced: bool = False
    """Whether an earlier pass wrote the creation down: a try that is repeated writes no status."""


async def converge(p: Pass, reader: Reader, shape: Shape) -> Body:
    """Bring one resource to its wanted shape; give the body as last seen.

    Raises Stall for a resource that is not ours or whose drift is contested, Wait for one that is
    only observed and not there, and AzureErrors.
    """
    seen = await observation.observe(p, reader)
    if observes(p.object):
        return await watched(p, reader.arm_id, seen.body, lambda body: _all_paths(shape, body))
    if not seen.direct and _wants_write(p, seen, shape):
        seen = await observation.direct(p, reader)
    adopting = ownership.claim(p, reader.arm_id, seen.body, lambda: _paths(shape, seen))
    if seen.body is None:
        return await _create(p, reader, shape)
    await p.hold()
    changed = Found(shape.differences(seen.body), edited=not drift.reached(p))
    decision = drift.decide(p, changed, Found(shape.lasting(seen.body), lasting=True))
    if adopting:
        await announce_adoption(p, reader.arm_id)
    elif not decision.write:
        return seen.body
    body = await _update(p, reader, shape, seen.body, decision.write)
    drift.corrected(p, decision.corrected)
    return body


async def watched(
    p: Pass, arm_id: str, body: Body | None, differences: Callable[[Body], Paths]
) -> Body:
    """Give what is only observed, its differences reported. Raises Wait while it is not there."""
    await p.release()
    if body is None:
        raise absent(arm_id)
    paths = drift.unignored(p, differences(body))
    if paths:
        drift.say(p, paths)
    else:
        drift.end(p)
    return body


def absent(what: str) -> Wait:
    """Say that what is only observed is not there."""
    return Wait(
        reasons.NOT_FOUND,
        f"{what} does not exist, and spec.operator.managementPolicy ObserveOnly only looks. Create "
        "it in Azure, or set managementPolicy to Full.",
        after=ABSENT_RETRY,
    )


async def announce_adoption(p: Pass, arm_id: str) -> None:
    """Write down that the resource is being taken over, before its owner tag is written."""
    await p.record(reasons.ADOPTING, f"Taking over {arm_id}, which was there before.")
    p.event(reasons.ADOPTED, f"{arm_id}, which was there before, is taken over.")


def _paths(shape: Shape, seen: Observed) -> Paths:
    return () if seen.body is None else _all_paths(shape, seen.body)


def _all_paths(shape: Shape, body: Body) -> Paths:
    return (*shape.lasting(body), *shape.differences(body))


def _wants_write(p: Pass, seen: Observed, shape: Shape) -> bool:
    if seen.body is None:
        return True
    return not ownership.ours(p, seen.body) or bool(
        drift.unignored(p, shape.differences(seen.body))
    )


async def _create(p: Pass, reader: Reader, shape: Shape) -> Body:
    if p.settled:
        p.event(reasons.DELETED_OUTSIDE, f"{reader.arm_id} was deleted outside.", type_="Warning")
    await p.hold()
    if not shape.announced:
        await p.record(reasons.CREATING, f"Creating {reader.arm_id}.")
    body = await shape.create()
    observation.wrote(p, reader.arm_id)
    p.event(reasons.CREATED, f"{reader.arm_id} was created.")
    ownership.remember_tags(p)
    drift.end(p)
    return body


async def _update(p: Pass, reader: Reader, shape: Shape, seen: Body, paths: Paths) -> Body:
    await freshness.confirm(p)
    body = await shape.update(seen, paths)
    observation.wrote(p, reader.arm_id)
    told = ", ".join(paths[: drift.LIMIT]) or "the owner tag"
    p.event(reasons.UPDATED, f"{reader.arm_id} was changed: {told}.")
    ownership.remember_tags(p)
    return body
