"""Which Azure resource an object is about: settled once, then kept."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure.ids import ArmId, resource_group_id
from aci_operator.reconcile.steps import Stall
from aci_operator.reconcile.target import aim, group_of
from pass_builders import a_pass, an_object

WANTED = resource_group_id("s", "Group")
ID = "/subscriptions/s/resourceGroups/Group"


@pytest.mark.parametrize(
    ("status", "location", "settled"),
    [
        ({}, "westus", {"id": ID, "location": "westus"}),
        ({}, None, {"id": ID}),
        (
            {"id": ID.lower(), "location": "eastus"},
            "westus",
            {"id": ID.lower(), "location": "eastus"},
        ),
    ],
)
def test_what_was_settled_first_is_kept_to_the_letter(
    status: dict[str, Any], location: str | None, settled: dict[str, Any]
) -> None:
    p = a_pass(an_object("ResourceGroup", status=status))
    assert (aim(p, WANTED, location), p.status.fields) == (settled["id"], settled)


def test_another_resource_than_before_is_refused() -> None:
    p = a_pass(an_object("ResourceGroup", status={"id": f"{ID}2"}))
    with pytest.raises(Stall) as raised:
        aim(p, ArmId.parse(ID))
    assert (raised.value.reason, raised.value.message) == (
        "TargetChanged",
        f"This object is about {ID}2, but spec now means {ID}. Change it back, or make a new "
        "object.",
    )
    assert p.status.fields == {"id": f"{ID}2"}


IN_GROUP = {"resourceGroupRef": {"id": ID}}


async def test_a_location_that_is_given_late_and_another_is_refused() -> None:
    spec = {**IN_GROUP, "location": "westus"}
    p = a_pass(an_object("UserAssignedIdentity", spec=spec, status={"location": "eastus"}))
    with pytest.raises(Stall) as raised:
        await group_of(p)
    assert (raised.value.reason, raised.value.message) == (
        "TargetChanged",
        "spec.location is westus, but the resource stands in eastus, and Azure cannot move it. "
        "Write eastus, or make a new object.",
    )


async def test_a_location_may_be_given_late_in_another_spelling() -> None:
    spec = {**IN_GROUP, "location": "East US"}
    p = a_pass(an_object("UserAssignedIdentity", spec=spec, status={"location": "eastus"}))
    assert await group_of(p) == (ID, "eastus")
