"""Replacing a group: DELETE, wait until GET says 404, PUT. No pass waits, and no memory is needed.

`status.replacingSince` is written before the DELETE and goes before the PUT: so after a crash at
any point the next pass sees from it and from Azure where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

from aci_operator.api import reasons
from aci_operator.azure.errors import AzureError, Unavailable
from aci_operator.kinds.container_group import awaited, subnets
from aci_operator.reconcile import drift, observation, removal, turns
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Halt, Stall, Wait

REFUSED_RETRY = 600.0
"""Seconds; only a change of the spec helps."""
FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def asked(p: Pass) -> bool:
    """Whether the object allows its group to be replaced."""
    if p.status.fields.get("placeholder"):
        return False  # the next one would begin as a placeholder again, and so for ever
    return bool(p.object.policy.get("update") == "Replace")


def needed(p: Pass, told: str) -> Halt:
    """Say that `told` takes a replacement: to come, or refused by name."""
    if asked(p):
        return Wait(reasons.REPLACING, f"To be replaced, for {told}.", after=removal.IN_FLIGHT)
    return Stall(
        reasons.REQUIRES_REPLACEMENT,
        f"Azure cannot change this on a living group: {told}. Change it back, or set "
        "spec.operator.update to Replace: the group is then deleted and created again, with a new "
        "system-assigned identity and a new address. The group runs on as it was.",
        after=REFUSED_RETRY,
    )


async def begin(p: Pass, arm_id: str, seen: Body, told: str, corrected: Paths = ()) -> NoReturn:
    """Delete the group to make it anew, if that is allowed; `corrected` is what is no edit.

    Raises Stall/RequiresReplacement, Wait/Replacing, what would keep the new group from being made,
    and AzureErrors.
    """
    if not asked(p):
        raise needed(p, told)
    awaited.require(p, arm_id)
    subnets.take_turn(p, seen)
    p.status.set(replacingSince=p.world.clock.now().astimezone(UTC).strftime(FORMAT))
    message = f"{arm_id} is being deleted and will be made anew, for {told}."
    with _taken_back_if_refused(p):
        await p.record(reasons.REPLACING, message)
        await _delete(p, arm_id)
    drift.corrected(p, corrected)
    raise Wait(reasons.REPLACING, message, after=removal.IN_FLIGHT)


def under_way(p: Pass) -> bool:
    """Whether a replacement was begun that has not come to its PUT."""
    return bool(p.status.fields.get("replacingSince"))


async def go_on(p: Pass, arm_id: str, seen: Body, told: str) -> None:
    """Go on with a replacement whose old group is still there; `told` is what it is for.

    Nothing told means that the spec was changed back: then a group that stays is kept. Raises
    Wait/Replacing while the group goes or may be going, and AzureErrors.
    """
    going = removal.accepted(p, arm_id)
    if told and asked(p) and not going:
        subnets.take_turn(p, seen)
        with _taken_back_if_refused(p):
            await _delete(p, arm_id)
    elif not going and _seconds(p) > removal.AGAIN:
        end(p)
        return
    message = str(_said(p) or f"{arm_id} is being deleted and will be made anew.")
    raise Wait(reasons.REPLACING, message, after=removal.IN_FLIGHT)


def end(p: Pass) -> None:
    """The old group is gone, or stays: from now on the object is like any other."""
    if under_way(p):
        p.status.set(replacingSince=None)
        turns.give_up(p)


@contextmanager
def _taken_back_if_refused(p: Pass) -> Iterator[None]:
    """What was refused, or not even sent, is no replacement under way."""
    try:
        yield
    except Unavailable:
        raise  # nobody knows whether Azure took it
    except AzureError:
        end(p)
        raise


async def _delete(p: Pass, arm_id: str) -> None:
    await p.session.container_groups.delete(arm_id, p.status.fields.get("location") or "")
    p.world.deleting[arm_id.lower()] = p.world.clock.monotonic()
    observation.wrote(p, arm_id)


def _seconds(p: Pass) -> float:
    since = datetime.fromisoformat(str(p.status.fields["replacingSince"]))
    return (p.world.clock.now() - since).total_seconds()


def _said(p: Pass) -> str | None:
    """Give the words that status has for it, so that no look writes status."""
    for condition in p.started_as.status.get("conditions") or ():
        if condition["type"] == "Ready" and condition["reason"] == reasons.REPLACING:
            return str(condition["message"])
    return None
