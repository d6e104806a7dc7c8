"""Groups of one subnet are deleted one after the other, and no worker waits for that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from in_process.scene import Scene, a_group, open_scene

NETWORK = "/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
TWO = ("one", "two")


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        it.azure.settings.container_delete_seconds = 30
        yield it


async def running(scene: Scene, **subnets: str) -> None:
    """Have groups that run, each in the subnet of that name."""
    for name, subnet in subnets.items():
        where = [{"id": f"{scene.subscription}{NETWORK}/subnets/{subnet}"}]
        scene.apply(a_group(name, subnetIds=where))
        await scene.settle()
    scene.take_writes()


def took(scene: Scene) -> list[tuple[str, int]]:
    """Give each write, and how many seconds after the first one it was made."""
    calls = [call for call in scene.sent() if call.method != "GET"]
    named = [f"{call.method} {call.path.split('?')[0].rsplit('/', 1)[1]}" for call in calls]
    return [
        (name, round(call.time - calls[0].time)) for name, call in zip(named, calls, strict=True)
    ]


async def test_the_second_group_waits_for_the_first_and_says_so(scene: Scene) -> None:
    await running(scene, one="subnet", two="SUBNET")
    since = scene.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in TWO:
        scene.delete(name=name)
        await scene.run_for(0)
    subnet = f"{scene.subscription}{NETWORK}/subnets/subnet".lower()
    assert (scene.said(name="one"), scene.said(name="two"), scene.message(name="two")) == (
        ("False", "Deleting"),
        ("False", "WaitingForSubnet"),
        f"ContainerGroup here/one is being deleted from the same subnet, {subnet}, since {since}. "
        "Groups of one subnet go one after the other.",
    )
    assert scene.take_writes() == ["DELETE one"]


async def test_the_first_group_wakes_the_second_once_azure_knows_it_no_more(scene: Scene) -> None:
    await running(scene, one="subnet", two="subnet")
    for name in TWO:
        scene.delete(name=name)
        await scene.run_for(0)
    await scene.settle()
    assert (scene.azure_group("two"), took(scene)) == (
        None,
        [("DELETE one", 0), ("DELETE two", 30)],
    )


async def test_groups_of_two_subnets_go_at_once(scene: Scene) -> None:
    await running(scene, one="subnet", two="other")
    for name in TWO:
        scene.delete(name=name)
        await scene.run_for(0)
    assert scene.take_writes() == ["DELETE one", "DELETE two"]


async def test_an_operator_that_starts_anew_knows_whose_turn_it_is(scene: Scene) -> None:
    await running(scene, one="subnet", two="subnet")
    scene.delete(name="one")
    await scene.run_for(0)
    await scene.restart_operator()
    scene.delete(name="two")
    await scene.run_for(0)
    # The new one cannot know that Azure took the DELETE, so it asks for it again.
    assert (scene.said(name="two"), scene.take_writes()) == (
        ("False", "WaitingForSubnet"),
        ["DELETE one"] * 2,
    )


@pytest.mark.parametrize("why", ["stalled", "paused", "gone"])
async def test_nobody_waits_for_a_group_that_does_not_go(scene: Scene, why: str) -> None:
    await running(scene, one="subnet", two="subnet")
    scene.delete(name="one")
    if why == "stalled":
        scene.azure.faults.next(method="DELETE", status=403, code="AuthorizationFailed")
    await scene.run_for(0)
    if why == "paused":
        scene.annotate("ContainerGroup", "one", paused="true")
    if why == "gone":
        scene.cluster.strip("ContainerGroup", "one")
    scene.delete(name="two")
    await scene.run_for(0)
    assert scene.take_writes()[-1] == "DELETE two"


async def test_a_replacement_waits_for_its_turn_and_its_group_runs_on(scene: Scene) -> None:
    await running(scene, one="subnet", two="subnet")
    scene.delete(name="one")
    await scene.run_for(0)
    scene.edit("ContainerGroup", "two", restartPolicy="Never", operator={"update": "Replace"})
    await scene.run_for(0)
    assert (scene.said(name="two"), "replacingSince" in scene.status(name="two")) == (
        ("False", "WaitingForSubnet"),
        False,
    )
    await scene.settle()
    assert (scene.said(name="two"), scene.take_writes()) == (
        ("True", "Running"),
        ["DELETE one", "DELETE two", "PUT two"],
    )


async def test_a_group_whose_replacement_is_done_keeps_nobody_waiting(scene: Scene) -> None:
    await running(scene, one="subnet", two="subnet")
    scene.edit("ContainerGroup", "one", restartPolicy="Never", operator={"update": "Replace"})
    await scene.run_for(0)
    scene.delete(name="two")
    await scene.run_for(0)
    await scene.settle()
    assert took(scene) == [("DELETE one", 0), ("PUT one", 30), ("DELETE two", 30)]


async def test_a_deletion_says_its_age_in_minutes(scene: Scene) -> None:
    scene.azure.settings.container_delete_seconds = 300
    await running(scene, one="subnet")
    scene.delete(name="one")
    await scene.run_for(150)
    told = f"Azure is deleting {scene.arm_id('one')}. It was asked for 2 min ago."
    assert scene.message(name="one") == told
