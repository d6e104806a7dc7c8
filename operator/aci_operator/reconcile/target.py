"""Which Azure resource an object is about: settled before the first write, then kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.kinds import RESOURCE_GROUP
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.azure import ids
from aci_operator.azure.ids import ArmId
from aci_operator.reconcile import authority, references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall


def aim(p: Pass, wanted: ArmId, location: str | None = None) -> str:
    """Settle the ARM ID (and the location) in status; give the ARM ID.

    Raises Stall/TargetChanged when the spec now means another resource than the one that this
    object has had so far: that is never a reason to create a second one. Raises
    Stall/ScopeNotAllowed for a resource that the account does not reach.
    """
    arm_id = str(wanted)
    authority.require_scope(p, "The resource's own ARM ID", arm_id)
    had = p.object.status.get("id")
    if had and not ids.same(had, arm_id):
        raise Stall(
            reasons.TARGET_CHANGED,
            f"This object is about {had}, but spec now means {arm_id}. Change it back, or make a "
            "new object.",
        )
    p.status.set(id=had or arm_id, location=p.object.status.get("location") or location)
    return str(had or arm_id)


def group_reference(object_: Object) -> Reference:
    """Give the reference to the resource group that an object's resource is in."""
    value = object_.spec["resourceGroupRef"]
    return Reference.parse("spec.resourceGroupRef", RESOURCE_GROUP.kind, value)


async def group_of(p: Pass) -> tuple[str, str]:
    """Give the resource group's ARM ID and the location that an object in it has.

    The location is the recorded one, else `spec.location`, else the resource group's: from its
    object, or by a GET for a group that is not ours. Raises Stall/TargetChanged when the spec now
    gives another one than the recorded.
    """
    reference = group_reference(p.started_as)
    group_id = references.arm_id(p, reference)
    location = p.object.status.get("location") or p.spec.get("location")
    _refuse_move(p, location)
    if location is None:
        location = await _location_of(p, reference, group_id)
    return group_id, location


def _refuse_move(p: Pass, location: str | None) -> None:
    """The CRDs refuse a location that is given late and another one; not every client asks them."""
    asked = p.spec.get("location")
    if asked is not None and location is not None and not same_place(asked, location):
        raise Stall(
            reasons.TARGET_CHANGED,
            f"spec.location is {asked}, but the resource stands in {location}, and Azure cannot "
            f"move it. Write {location}, or make a new object.",
        )


def place_paths(p: Pass, seen: Mapping[str, Any]) -> tuple[str, ...]:
    """List `spec.location` if the resource stands elsewhere, as one that was adopted may."""
    asked = p.spec.get("location")
    elsewhere = asked is not None and not same_place(asked, str(seen["location"]))
    return ("spec.location",) if elsewhere else ()


def same_place(one: str, other: str) -> bool:
    """Say whether two names mean one region: ARM compares without spaces and letter case."""
    return one.replace(" ", "").lower() == other.replace(" ", "").lower()


async def _location_of(p: Pass, reference: Reference, group_id: str) -> str:
    found = references.dependency(p, reference)
    if found is not None and found.status.get("location"):
        return str(found.status["location"])
    return str((await p.session.resource_groups.get(group_id))["location"])
