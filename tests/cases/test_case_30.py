"""Case 30, the subnet cannot be deleted afterwards: groups go one by one, and wholly."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aci_operator.api.objects import FINALIZER
from azure_emulator.settings import Settings
from group_stage import Stage, a_group, a_stage
from unit.crds import schemas

SUBSCRIPTION = f"/subscriptions/{Settings().subscription_ids[0]}"
NETWORK = f"{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
SUBNET = f"{NETWORK}/subnets/x"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        for name, subnet in (("one", SUBNET), ("two", SUBNET.upper()), ("three", SUBNET)):
            it.add(a_group(it.settings.subscription_id, name, subnetIds=[{"id": subnet}]))
            await it.settle(name)
        it.take_writes()
        yield it


async def test_case_30_the_finalizer_stays_until_azure_knows_the_group_no_more(
    stage: Stage,
) -> None:
    stage.azure.settings.container_delete_seconds = 30
    stage.delete("one")
    await stage.look("one")
    assert stage.take_writes() == ["DELETE one"]
    stage.azure.clock.advance(29)
    await stage.look("one")
    assert (stage.said(name="one"), stage.body("one")["metadata"]["finalizers"]) == (
        ("False", "Deleting"),
        [FINALIZER],
    )
    stage.azure.clock.advance(2)
    await stage.look("one")
    assert [path for path in stage.server.bodies if path.endswith("/one")] == []


@pytest.mark.parametrize("seconds", [0, 30])
async def test_case_30_groups_of_one_subnet_are_deleted_one_after_the_other(
    stage: Stage, seconds: float
) -> None:
    stage.azure.settings.container_delete_seconds = seconds
    names = ("one", "two", "three")
    for name in names:
        stage.delete(name)
    most = 0
    for _ in range(120):
        for name in names:
            await stage.look(name)
        stage.azure.clock.advance(1)
        going = [stage.azure_group(name) for name in names]
        most = max(most, sum(one is not None and one.gone_at is not None for one in going))
    assert (stage.take_writes(), most <= 1) == (["DELETE one", "DELETE two", "DELETE three"], True)
    assert [path for path in stage.server.bodies if "containergroups" in path] == []


def test_case_30_a_network_profile_is_no_field_of_a_group() -> None:
    assert "networkProfile" not in schemas.spec("ContainerGroup")["properties"]
