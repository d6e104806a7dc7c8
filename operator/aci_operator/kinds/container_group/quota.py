"""Room in a region: when a group of ours goes, those that wait for its quota are tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Key, Object
from aci_operator.kinds.container_group.findings import Spec
from aci_operator.reconcile.context import Pass


def give_back(p: Pass) -> None:
    """Wake those that fit into what this group has given back."""
    groups = p.world.store.of_kind(CONTAINER_GROUP.kind)
    waiting = [group for group in groups if _waits(group) and _place(group) == _place(p.object)]
    for key in fitting(waiting, cores(p.spec)):
        p.world.wake(key)


def fitting(waiting: Iterable[Object], freed: float) -> Iterator[Key]:
    """Give the groups that fit into that many cores, those that have waited longest first.

    The first goes in any case, since what else is free nobody tells; no more than fit, since each
    try costs one of 300 writes an hour (azure.md section 9). Pure.
    """
    left = freed
    for place, group in enumerate(sorted(waiting, key=_since)):
        needed = cores(group.spec)
        if place == 0 or needed <= left:
            left -= needed
            yield group.key


def cores(spec: Spec) -> float:
    """Add up the CPU cores that the containers of a group request."""
    asked = ((each.get("resources") or {}).get("requests") or {} for each in spec["containers"])
    return sum(float(requests.get("cpu") or 0) for requests in asked)


def _waits(group: Object) -> bool:
    ready = conditions.find(group.status, conditions.READY)
    return ready.get("reason") == reasons.QUOTA_EXCEEDED and not group.deleting


def _place(group: Object) -> tuple[str, str]:
    """The quota is one of a subscription and region; regions are compared as Azure does."""
    status = group.status
    region = str(status.get("location") or "").replace(" ", "")
    return str(status.get("subscriptionId") or "").lower(), region.lower()


def _since(group: Object) -> tuple[str, Key]:
    ready = conditions.find(group.status, conditions.READY)
    return str(ready.get("lastTransitionTime")), group.key
