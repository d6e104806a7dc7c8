"""ResourceGroup: created where missing, tagged, kept on deletion unless told otherwise."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KINDS, RESOURCE_GROUP
from aci_operator.api.objects import Object
from aci_operator.azure import ids
from aci_operator.azure.errors import Absent
from aci_operator.reconcile import account, observation, ownership, patience, removal
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import Shape, converge
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.patience import InTheWay
from aci_operator.reconcile.policies import deletes
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Halt
from aci_operator.reconcile.target import aim, place_paths, same_place

GIVEN_ONCE = ("location", "managedBy")
"""What Azure takes when it makes the group, and never changes: for `managedBy` it answers
ResourceGroupManagedByMismatch (reported in Azure/azure-sdk-for-go issue 18885)."""


def published(group: Object) -> Hashable:
    """Others need the ARM ID and the location of a group that exists."""
    ready = conditions.is_true(group.status, conditions.READY)
    return (ready, group.deleting, group.status.get("id"), group.status.get("location"))


async def reconcile(p: Pass) -> None:
    """Bring the resource group to the spec."""
    await account.resolve(p)
    arm_id = aim(
        p, ids.resource_group_id(p.session.subscription_id, p.azure_name), p.spec["location"]
    )
    observation.poll_again(p)
    body = await converge(p, Reader(arm_id, p.session.resource_groups.get), _shape(p, arm_id))
    if not same_place(p.spec["location"], str(body["location"])):
        p.status.set(location=body["location"])  # what goes into an adopted group goes there


async def remove(p: Pass) -> None:
    """Delete the group if the policy says so and nothing is left in it."""
    if p.object.held and p.object.status.get("id") and deletes(p, default="Retain"):
        await account.resolve_stored(p)
        await _wait_until_empty(p, p.object.status["id"])
    groups = lambda: removal.Remover(  # noqa: E731  the session is there only once it is needed
        p.session.resource_groups.get, p.session.resource_groups.delete
    )
    await removal.remove(p, groups, default_policy="Retain")


def _shape(p: Pass, arm_id: str) -> Shape:
    async def create() -> Body:
        given = {name: p.spec[name] for name in GIVEN_ONCE if name in p.spec}
        body = {**given, "tags": ownership.tags(p, None)}
        return await p.session.resource_groups.put(arm_id, body)

    def differences(seen: Body) -> Paths:
        return ownership.tag_paths(p, seen.get("tags"))

    async def update(seen: Body, paths: Paths) -> Body:
        tags = ownership.tags(p, seen.get("tags"), paths)
        return await p.session.resource_groups.patch(arm_id, {"tags": tags})

    return Shape(create, differences, update, partial(_lasting, p))


def _lasting(p: Pass, seen: Body) -> Paths:
    """Compare what Azure takes at creation alone; for a later one it answers 400 or 409."""
    manager = str(seen.get("managedBy") or "").lower()
    other = "managedBy" in p.spec and p.spec["managedBy"].lower() != manager
    return (*place_paths(p, seen), *(("spec.managedBy",) if other else ()))


async def _wait_until_empty(p: Pass, arm_id: str) -> None:
    """ARM deletes a group with all that is in it; nothing may go unseen that way."""
    try:
        left = await p.session.resource_groups.resources(arm_id)
    except Absent:
        return
    if p.spec.get("contents") == "Delete":
        left = [resource for resource in left if str(resource["id"]).lower() in _of_objects(p)]
    if left:
        raise _not_empty(p, arm_id, [str(resource["id"]) for resource in left])


def _of_objects(p: Pass) -> set[str]:
    """What objects of ours are about goes with them and never with the group."""
    known = (found for kind in KINDS for found in p.world.store.of_kind(kind))
    return {str(one.status.get("id", "")).lower() for one in known if one.key != p.object.key}


def _not_empty(p: Pass, arm_id: str, left: list[str]) -> Halt:
    names = ", ".join(one.rsplit("/providers/")[-1] for one in left[:5])
    text = f"{arm_id} still holds {len(left)} resources: {names}."
    ways_out = (
        "Delete them; or set spec.contents to Delete, and what no object here is about is deleted "
        "with the group; or set spec.operator.deletionPolicy to Retain to leave the group."
    )
    then = "It is deleted once it is empty."
    return patience.halt(p, InTheWay(reasons.NOT_EMPTY, text, then, ways_out))


ROOM = Room(
    kind=RESOURCE_GROUP,
    references=lambda group: frozenset(),
    published=published,
    reconcile=reconcile,
    remove=remove,
    compared=(*GIVEN_ONCE, "tags.*"),
)
