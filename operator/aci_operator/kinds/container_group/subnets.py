"""Groups of one subnet are deleted one after the other: what Azure keeps in it goes with the last.

Two at once may leave a link in the subnet that then cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Key, Object
from aci_operator.reconcile import turns, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Wait

LOOK_AGAIN = 30.0
"""Seconds; who has the turn wakes the next one besides."""
GOING = (reasons.DELETING, reasons.REPLACING)


def take_turn(p: Pass, body: Body) -> bool:
    """Take the turn on each subnet of a group that is to be deleted; False for one that has none.

    Raises Wait/WaitingForSubnet while another group of the subnet is being deleted.
    """
    listed = subnets(body["properties"])
    for subnet in listed:
        holder = turns.take(p, subnet, lambda key: _goes(p, key), lambda: _begun(p, subnet))  # noqa: B023
        if holder is not None:
            raise _waiting(p, holder, subnet)
    return bool(listed)


def subnets(properties: Mapping[str, Any]) -> list[str]:
    """Give the ARM IDs of a spec's or a body's subnets, in lower case and in order."""
    return sorted({str(each["id"]).lower() for each in properties.get("subnetIds") or ()})


def _waiting(p: Pass, holder: Key, subnet: str) -> Wait:
    found = p.world.store.get(holder)
    since = _since(found) if found is not None else ""
    return Wait(
        reasons.WAITING_FOR_SUBNET,
        f"{holder} is being deleted from the same subnet, {subnet}, since {since}. Groups of one "
        "subnet go one after the other.",
        after=LOOK_AGAIN,
    )


def _begun(p: Pass, subnet: str) -> Key | None:
    """Find a group of the subnet whose deletion was begun, as its status says."""
    for group in p.world.store.of_kind(CONTAINER_GROUP.kind):
        reason = conditions.find(group.status, conditions.READY).get("reason")
        if reason in GOING and subnet in subnets(group.spec) and _goes(p, group.key):
            return group.key
    return None


def _goes(p: Pass, key: Key) -> bool:
    """What is stalled or paused does not go, so others need not wait for it."""
    group = p.world.store.get(key)
    if group is None or not group.held or not _since(group):
        return False
    return not (wishes.paused(group) or conditions.is_true(group.status, conditions.STALLED))


def _since(group: Object) -> str:
    return str(group.deletion_timestamp or group.status.get("replacingSince") or "")
