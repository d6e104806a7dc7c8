"""The way out of an object, as far as Azure is not asked."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.reconcile import removal
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.removal import Remover
from aci_operator.reconcile.steps import Stall
from pass_builders import ApiServer, a_pass, an_object

ID = "/subscriptions/s/resourceGroups/it"


def nobody() -> Remover:
    raise AssertionError("nothing in Azure is to be touched")


def going(status: dict[str, Any], policy: str | None = None, **parts: Any) -> Object:
    spec = {"operator": {"deletionPolicy": policy}} if policy else {}
    parts = {"deletion_timestamp": "2026-01-01T00:00:00Z", **parts}
    return an_object("ResourceGroup", spec=spec, status=status, **parts)


async def removed(object_: Object, default: str = "Delete") -> ApiServer:
    p: Pass = a_pass(object_)
    p.world.recorder.start()
    await removal.remove(p, nobody, default_policy=default)
    await p.world.recorder.close()
    assert isinstance(p.world.kube, ApiServer)
    return p.world.kube


async def test_an_object_that_never_reached_azure_goes_at_once() -> None:
    server = await removed(going({}))
    assert (server.bodies, server.events) == ({}, [])


@pytest.mark.parametrize(("policy", "default"), [("Retain", "Delete"), (None, "Retain")])
async def test_a_retained_resource_stays_and_its_object_goes(
    policy: str | None, default: str
) -> None:
    server = await removed(going({"id": ID}, policy), default)
    told = f"{ID} stays in Azure, as the deletion policy says."
    assert (server.bodies, server.events) == ({}, [("Normal", "Retained", told)])


async def test_an_object_that_we_do_not_hold_is_left_alone() -> None:
    server = await removed(going({"id": ID}, finalizers=()))
    assert server.writes == []


async def test_a_deletion_takes_the_account_that_status_names() -> None:
    status = {"id": ID, "accountRef": {"kind": "AzureAccount", "name": "gone"}}
    with pytest.raises(Stall, match="AzureAccount gone is gone, so the resource cannot be deleted"):
        await removed(going(status))
