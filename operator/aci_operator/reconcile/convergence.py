"""Observe, decide, act: at most one mutating step, and none from hearsay."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aci_operator.api import conditions, reasons
from aci_operator.reconcile import observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body, Observed, Reader

Paths = tuple[str, ...]

DRIFT_LIMIT = 20
"""Paths that status lists: it must stay small."""
PATH_LIMIT = 256
"""Characters of a path that status keeps, as the CRDs say."""


@dataclass(frozen=True)
class Shape:
    """One kind's decisions about its resource and the two writes that carry them out."""

    create: Callable[[], Awaitable[Body]]
    differences: Callable[[Body], Paths]
    """Pure: the paths in which the observed body is not as wanted."""
    update: Callable[[Body, Paths], Awaitable[Body]]
    drift_policy: str = "Correct"


async def converge(p: Pass, reader: Reader, shape: Shape) -> Body:
    """Bring one resource to its wanted shape; give the body as last seen.

    Raises Stall/AlreadyExists for a resource that is not ours, and AzureErrors.
    """
    seen = await observation.observe(p, reader)
    if not seen.direct and _wants_write(p, seen, shape):
        seen = await observation.direct(p, reader)
    if seen.body is None:
        return await _create(p, reader, shape)
    ownership.ensure_ours(p, seen.body)
    await p.hold()
    paths = shape.differences(seen.body)
    if paths and _is_drift(p) and _policy(p, shape) == "Report":
        say_drift(p, paths)
        return seen.body
    end_drift(p)
    return await _update(p, reader, shape, seen.body, paths) if paths else seen.body


def say_drift(p: Pass, paths: Paths) -> None:
    """Report drift by path, in `status.drift` and in a condition."""
    p.status.set(drift=[path[:PATH_LIMIT] for path in paths[:DRIFT_LIMIT]])
    listed = ", ".join(paths[:DRIFT_LIMIT])
    more = f" and {len(paths) - DRIFT_LIMIT} more" if len(paths) > DRIFT_LIMIT else ""
    message = f"Azure differs from the spec in {listed}{more}. It is reported, not corrected."
    before = conditions.find(p.object.status, conditions.DRIFTED)
    p.status.say(conditions.DRIFTED, "True", reasons.DRIFTED, message)
    if before.get("message") != message:
        p.event(reasons.DRIFTED, message, type_="Warning")


def end_drift(p: Pass) -> None:
    """Say that reported drift is over; nothing is said where none was reported."""
    p.status.set(drift=None)
    if conditions.is_true(p.object.status, conditions.DRIFTED):
        p.status.say(
            conditions.DRIFTED, "False", reasons.NO_DRIFT, "Azure is as the spec says again."
        )


def _is_drift(p: Pass) -> bool:
    """What differs from a generation that was already reached has changed in Azure."""
    return p.settled


def _policy(p: Pass, shape: Shape) -> str:
    return str(p.object.policy.get("driftPolicy", shape.drift_policy))


def _wants_write(p: Pass, seen: Observed, shape: Shape) -> bool:
    if seen.body is None:
        return True
    return not ownership.ours(p, seen.body) or bool(shape.differences(seen.body))


async def _create(p: Pass, reader: Reader, shape: Shape) -> Body:
    if p.settled:
        p.event(reasons.DELETED_OUTSIDE, f"{reader.arm_id} was deleted outside.", type_="Warning")
    await p.hold()
    await p.record(reasons.CREATING, f"Creating {reader.arm_id}.")
    body = await shape.create()
    observation.wrote(p, reader.arm_id)
    p.event(reasons.CREATED, f"{reader.arm_id} was created.")
    ownership.remember_tags(p)
    return body


async def _update(p: Pass, reader: Reader, shape: Shape, seen: Body, paths: Paths) -> Body:
    body = await shape.update(seen, paths)
    observation.wrote(p, reader.arm_id)
    p.event(reasons.UPDATED, f"{reader.arm_id} was changed: {', '.join(paths[:DRIFT_LIMIT])}.")
    ownership.remember_tags(p)
    return body
