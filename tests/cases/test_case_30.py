"""Case 30, the subnet cannot be deleted afterwards: groups go one by one, and wholly."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aci_operator.api.objects import FINALIZER
from azure_emulator.settings import Settings
from in_process.scene import Scene, a_group, open_scene
from unit.crds import schemas

SUBSCRIPTION = f"/subscriptions/{Settings().subscription_ids[0]}"
NETWORK = f"{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
SUBNET = f"{NETWORK}/subnets/x"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        for name, subnet in (
            ("one", SUBNET),
            ("two", SUBNET.replace("net", "NET")),
            ("three", SUBNET),
        ):
            it.apply(a_group(name, subnetIds=[{"id": subnet}]))
            await it.settle()
        it.take_writes()
        yield it


async def test_case_30_the_finalizer_stays_until_azure_knows_the_group_no_more(
    scene: Scene,
) -> None:
    scene.azure.settings.container_delete_seconds = 30
    scene.delete(name="one")
    await scene.run_for(0)
    assert scene.take_writes() == ["DELETE one"]
    await scene.run_for(29)
    assert (scene.said(name="one"), scene.body(name="one")["metadata"]["finalizers"]) == (
        ("False", "Deleting"),
        [FINALIZER],
    )
    await scene.run_for(2)
    assert [path for path in scene.cluster.bodies if path.endswith("/one")] == []


@pytest.mark.parametrize("seconds", [0, 30])
async def test_case_30_groups_of_one_subnet_are_deleted_one_after_the_other(
    scene: Scene, seconds: float
) -> None:
    scene.azure.settings.container_delete_seconds = seconds
    names = ("one", "two", "three")
    for name in names:
        scene.delete(name=name)
    most = 0
    for _ in range(120):
        await scene.run_for(1)
        going = [scene.azure_group(name) for name in names]
        most = max(most, sum(one is not None and one.gone_at is not None for one in going))
    assert (scene.take_writes(), most <= 1) == (["DELETE one", "DELETE two", "DELETE three"], True)
    assert [path for path in scene.cluster.bodies if "containergroups" in path] == []


def test_case_30_a_network_profile_is_no_field_of_a_group() -> None:
    assert "networkProfile" not in schemas.spec("ContainerGroup")["properties"]


LINK = f"{SUBNET}/serviceAssociationLinks/acisal".lower()


def told(scene: Scene) -> list[tuple[str, bool]]:
    """Give the type of each warning of a link, and whether it names it."""
    notes = [(type_, note) for type_, reason, note in scene.events if reason == "SubnetLinkLeft"]
    return [(type_, LINK in note.lower()) for type_, note in notes]


def leave(scene: Scene, *names: str) -> None:
    for name in names:
        scene.delete(name=name)


@pytest.mark.parametrize("stays", [False, True])
async def test_case_30_a_link_that_stays_is_told_when_the_last_group_has_left(
    scene: Scene, stays: bool
) -> None:
    await scene.resource_group("net")
    scene.azure.settings.subnet_links_stay = stays
    leave(scene, "one", "two")
    await scene.run_for(300)
    before = told(scene)
    leave(scene, "three")
    await scene.run_for(300)
    assert (before, told(scene)) == ([], [("Warning", True)] if stays else [])
    assert scene.object("ContainerGroup", "three") is None


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_case_30_without_the_right_or_an_answer_nothing_is_said_of_a_link(
    scene: Scene, status: int
) -> None:
    await scene.resource_group("net")
    scene.azure.settings.subnet_links_stay = True
    scene.azure.faults.next(method="GET", path="subnets/x", status=status, times=9)
    leave(scene, "one", "two", "three")
    await scene.run_for(600)
    left = [scene.object("ContainerGroup", name) for name in ("one", "two", "three")]
    assert (told(scene), left) == ([], [None, None, None])


async def test_case_30_a_group_that_stays_in_azure_asks_nothing_of_its_subnet(
    scene: Scene,
) -> None:
    await scene.resource_group("net")
    scene.azure.settings.subnet_links_stay = True
    kept = {"deletionPolicy": "Retain"}
    scene.apply(a_group("one", subnetIds=[{"id": SUBNET}], operator=kept))
    scene.mark()
    leave(scene, "one")
    await scene.run_for(60)
    assert [path for _, path in scene.calls() if "subnets" in path] == []
