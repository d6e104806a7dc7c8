"""An account stays while objects of its namespace need it to be deleted."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.engine.store import Store
from aci_operator.kinds.azure_account import ROOM
from aci_operator.kube import paths
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Wait
from aci_operator.rules import references_of
from pass_builders import ApiServer, a_world, an_object

REF = {"kind": "AzureAccount", "name": "it"}
ACCOUNT = an_object("AzureAccount", deletion_timestamp="2026-01-01T00:00:00Z")


def a_group(name: str, ref: dict[str, Any] | None = None, **parts: Any) -> Object:
    status = {"accountRef": ref} if ref else {}
    return an_object("ResourceGroup", name, status=status, **parts)


def a_pass(*others: Object) -> Pass:
    """A pass over the account in a world that knows who refers to whom."""
    world = a_world(ACCOUNT, *others)
    world.store = Store(references_of)
    for object_ in (ACCOUNT, *others):
        world.store.put(object_)
    return Pass(world, ACCOUNT)


async def test_the_first_five_of_those_that_need_it_are_named() -> None:
    users = [a_group(f"g{n}", REF) for n in range(7)]
    with pytest.raises(Wait) as raised:
        await ROOM.remove(a_pass(*users))
    named = ", ".join(f"ResourceGroup here/g{n}" for n in range(5))
    assert (raised.value.reason, raised.value.message) == (
        "InUse",
        f"7 objects still need this account to be deleted: {named}.",
    )


@pytest.mark.parametrize(
    "other",
    [
        a_group("g", {**REF, "name": "another"}),
        a_group("g", REF, finalizers=()),
        a_group("g"),
    ],
)
async def test_objects_that_do_not_need_it_are_not_waited_for(other: Object) -> None:
    p = a_pass(other)
    await ROOM.remove(p)
    assert isinstance(p.world.kube, ApiServer)
    assert list(p.world.kube.bodies) == [paths.of_object(other.key)]
