"""Two objects that claim one Azure resource: which of them has it.

Azure's owner tag decides where there is one (`ownership`). Where there is none yet, whoever began
to write in this process has it, else the older object, else the smaller uid: so every operator
comes to the same end, in whatever order it meets the objects.
"""

from __future__ import annotations

from aci_operator.api.objects import Key, Object
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import observes

CLAIM = "ArmId"
"""No kind of ours: the index of the store tells by it who claims an ARM ID."""


def reference(object_: Object) -> frozenset[Key]:
    """Give what the store indexes a claim by: the ARM ID without letter case."""
    arm_id = object_.status.get("id")
    if not arm_id or observes(object_):
        return frozenset()
    return frozenset({_index(str(arm_id))})


def rivals(p: Pass, arm_id: str) -> list[Object]:
    """List the other living objects that claim that resource, the first claim first."""
    keys = p.world.store.referrers(_index(arm_id)) - {p.object.key}
    found = (p.world.store.get(key) for key in keys)
    return sorted((o for o in found if o is not None and _lives(o)), key=_age)


def earlier(p: Pass, arm_id: str) -> Object | None:
    """Give the object that has the claim before this one; None: this one has it from now on."""
    holder = _holder(p, arm_id)
    if holder is not None and holder.uid == p.object.uid:
        return None
    others = rivals(p, arm_id)
    if holder is not None:
        return holder
    if others and _age(others[0]) < _age(p.object):
        return others[0]
    keep(p, arm_id)
    return None


def keep(p: Pass, arm_id: str) -> None:
    """Remember that this object has the resource."""
    p.world.claims[arm_id.lower()] = (p.object.key, p.object.uid)


def give_up(p: Pass) -> None:
    """Forget the claim of an object that is gone, and have those that it kept out looked at."""
    drop(p, str(p.object.status.get("id", "")))


def drop(p: Pass, arm_id: str) -> None:
    """Forget this object's claim of one resource, and have those that it kept out looked at."""
    if p.world.claims.get(arm_id.lower(), (None, ""))[1] == p.object.uid:
        del p.world.claims[arm_id.lower()]
    for rival in rivals(p, arm_id):
        p.world.wake(rival.key)


def _holder(p: Pass, arm_id: str) -> Object | None:
    key, uid = p.world.claims.get(arm_id.lower(), (p.object.key, ""))
    found = p.world.store.get(key)
    if found is None or found.uid != uid or not _lives(found) or observes(found):
        return None
    return found


def _lives(object_: Object) -> bool:
    return object_.held or not object_.deleting


def _age(object_: Object) -> tuple[str, str]:
    return object_.created, object_.uid


def _index(arm_id: str) -> Key:
    return Key(CLAIM, "", arm_id.lower())
