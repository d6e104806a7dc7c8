"""An identity waits for the groups that use it: deleting it first leaves them broken for ever."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.kinds.user_assigned_identity import ROOM
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import a_pass, an_object

ID = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/I"
)
IDENTITY = an_object(
    "UserAssignedIdentity", status={"id": ID}, deletion_timestamp="2026-01-01T00:10:00Z"
)
OLD = an_object(
    "UserAssignedIdentity", status={"id": ID}, deletion_timestamp="2026-01-01T00:06:40Z"
)


def a_group(wants: Any = None, has: Any = None, **parts: Any) -> Object:
    spec = {"identity": {"userAssigned": [wants]}} if wants else {}
    status = {"identity": {"userAssigned": [has]}} if has else {}
    return an_object("ContainerGroup", "user", spec=spec, status=status, **parts)


USERS = [
    a_group(has={"id": ID}),
    a_group(has={"id": ID.replace("resourceGroups", "resourcegroups").lower()}),
    a_group(wants={"id": ID.upper()}),
    a_group(wants={"name": "it"}),
    a_group(wants={"name": "it"}, deletion_timestamp="2026-01-01T00:00:00Z"),
]


@pytest.mark.parametrize("group", USERS)
async def test_an_identity_in_use_waits(group: Object) -> None:
    with pytest.raises(Wait) as raised:
        await ROOM.remove(a_pass(IDENTITY, group))
    assert (raised.value.reason, raised.value.message, raised.value.after) == (
        "InUse",
        "1 container groups still have this identity: ContainerGroup here/user. It is deleted "
        "after them.",
        60.0,
    )


async def test_after_ten_minutes_in_use_somebody_has_to_act() -> None:
    with pytest.raises(Stall) as raised:
        await ROOM.remove(a_pass(OLD, USERS[0]))
    assert (raised.value.reason, raised.value.message) == (
        "InUse",
        "1 container groups still have this identity: ContainerGroup here/user. Delete them, or "
        "take the identity out of their spec.identity; set spec.operator.deletionPolicy to Retain "
        "to leave the identity in Azure.",
    )


STRANGERS = [
    a_group(),
    a_group(wants={"name": "other"}),
    a_group(has={"id": f"{ID}2"}),
    a_group(has={"id": ID}, finalizers=()),  # nothing of it is in Azure
]


@pytest.mark.parametrize("group", STRANGERS)
async def test_other_groups_are_not_waited_for(group: Object) -> None:
    with pytest.raises(Stall) as raised:
        await ROOM.remove(a_pass(IDENTITY, group))
    assert raised.value.reason == "NoAccount"  # so it went on to Azure
