"""Who still uses an identity that is to be deleted.

A group whose identity was deleted first answers 500 for ever (azure.md section 2), so deletion
waits for every group that can be seen: those of our objects, and any other in the resource group.
"""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.azure.errors import Absent, Forbidden
from aci_operator.reconcile import account, authority, patience
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.patience import InTheWay
from aci_operator.reconcile.steps import Halt


async def wait_until_unused(p: Pass) -> None:
    """Raise Wait, and after ten minutes Stall, that names the groups."""
    arm_id = str(p.object.status.get("id", "")).lower()
    known = p.world.store.of_kind(CONTAINER_GROUP.kind)
    ours = [str(group.key) for group in known if _uses(group, p.object, arm_id)]
    if ours:
        raise _in_use(p, ours)
    if arm_id:
        await account.resolve_stored(p)
        others = await _others(p, arm_id)
        if others:
            raise _in_use(p, others)


async def _others(p: Pass, arm_id: str) -> list[str]:
    """List the groups in the identity's resource group that have it, whoever made them."""
    group_id = str(p.object.status["id"]).split("/providers/")[0]
    if not authority.covers(p, group_id):
        return []
    try:
        groups = await p.session.container_groups.list(group_id)
    except (Absent, Forbidden):
        return []
    return [str(group["id"]) for group in groups if arm_id in _attached(group)]


def _attached(group: Body) -> set[str]:
    identities = (group.get("identity") or {}).get("userAssignedIdentities") or {}
    return {str(id_).lower() for id_ in identities}


def _in_use(p: Pass, users: list[str]) -> Halt:
    named = ", ".join(users[:5])
    text = f"{len(users)} container groups still have this identity: {named}."
    ways_out = (
        "Delete them, or take the identity out of their spec.identity; set "
        "spec.operator.deletionPolicy to Retain to leave the identity in Azure."
    )
    then = "It is deleted after them."
    return patience.halt(p, InTheWay(reasons.IN_USE, text, then, ways_out))


def _uses(group: Object, identity: Object, arm_id: str) -> bool:
    if not group.held:
        return False
    attached = (group.status.get("identity") or {}).get("userAssigned") or ()
    if any(str(entry.get("id", "")).lower() == arm_id for entry in attached):
        return True
    wanted = (group.spec.get("identity") or {}).get("userAssigned") or ()
    same_namespace = group.key.namespace == identity.key.namespace
    return any(
        str(entry.get("id", "")).lower() == arm_id
        or (same_namespace and entry.get("name") == identity.key.name)
        for entry in wanted
    )
