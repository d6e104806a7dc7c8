"""Groups of one subnet are deleted one after the other, and no worker waits for that."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from group_stage import Stage, a_group, a_stage, key

NETWORK = "/subscriptions/{}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
TWO = ("one", "two")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        it.azure.settings.container_delete_seconds = 30
        yield it


async def running(stage: Stage, **subnets: str) -> None:
    """Have groups that run, each in the subnet of that name."""
    subscription = stage.settings.subscription_id
    network = NETWORK.format(subscription)
    for name, subnet in subnets.items():
        where = [{"id": f"{network}/subnets/{subnet}"}]
        stage.add(a_group(subscription, name, subnetIds=where))
        await stage.settle(name)
    stage.take_writes()


async def test_the_second_group_waits_for_the_first_and_says_so(stage: Stage) -> None:
    await running(stage, one="subnet", two="SUBNET")
    since = stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in TWO:
        stage.delete(name)
        await stage.look(name)
    said = next(c for c in stage.status("two")["conditions"] if c["type"] == "Ready")
    subnet = f"{NETWORK.format(stage.settings.subscription_id)}/subnets/subnet".lower()
    assert (stage.said(name="one"), said["reason"], said["message"]) == (
        ("False", "Deleting"),
        "WaitingForSubnet",
        f"ContainerGroup here/one is being deleted from the same subnet, {subnet}, since {since}. "
        "Groups of one subnet go one after the other.",
    )
    assert stage.take_writes() == ["DELETE one"]


async def test_the_first_group_wakes_the_second_once_azure_knows_it_no_more(stage: Stage) -> None:
    await running(stage, one="subnet", two="subnet")
    for name in TWO:
        stage.delete(name)
        await stage.look(name)
    assert stage.woken == []
    await stage.settle("one")
    assert (stage.azure_group("one"), stage.woken) == (None, [key("two")])
    await stage.settle("two")
    assert (stage.azure_group("two"), stage.take_writes()) == (None, ["DELETE one", "DELETE two"])


async def test_groups_of_two_subnets_go_at_once(stage: Stage) -> None:
    await running(stage, one="subnet", two="other")
    for name in TWO:
        stage.delete(name)
        await stage.look(name)
    assert stage.take_writes() == ["DELETE one", "DELETE two"]


async def test_an_operator_that_starts_anew_knows_whose_turn_it_is(stage: Stage) -> None:
    await running(stage, one="subnet", two="subnet")
    stage.delete("one")
    await stage.look("one")
    await stage.restart()
    stage.delete("two")
    await stage.look("two")
    assert (stage.said(name="two"), stage.take_writes()) == (
        ("False", "WaitingForSubnet"),
        ["DELETE one"],
    )


@pytest.mark.parametrize("why", ["stalled", "paused", "gone"])
async def test_nobody_waits_for_a_group_that_does_not_go(stage: Stage, why: str) -> None:
    await running(stage, one="subnet", two="subnet")
    stage.delete("one")
    if why == "stalled":
        stage.azure.faults.next(method="DELETE", status=403, code="AuthorizationFailed")
    await stage.look("one")
    if why == "paused":
        stage.annotate("one", paused="true")
    if why == "gone":
        stage.world.lose(key("one"), "uid-one")
    stage.delete("two")
    await stage.look("two")
    assert stage.take_writes()[-1] == "DELETE two"


async def test_a_replacement_waits_for_its_turn_and_its_group_runs_on(stage: Stage) -> None:
    await running(stage, one="subnet", two="subnet")
    stage.delete("one")
    await stage.look("one")
    stage.edit("two", restartPolicy="Never", operator={"update": "Replace"})
    await stage.look("two")
    assert (stage.said(name="two"), "replacingSince" in stage.status("two")) == (
        ("False", "WaitingForSubnet"),
        False,
    )
    await stage.settle("one")
    await stage.settle("two")
    assert (stage.said(name="two"), stage.take_writes()) == (
        ("True", "Running"),
        ["DELETE one", "DELETE two", "PUT two"],
    )


async def test_a_group_whose_replacement_is_done_keeps_nobody_waiting(stage: Stage) -> None:
    await running(stage, one="subnet", two="subnet")
    stage.edit("one", restartPolicy="Never", operator={"update": "Replace"})
    await stage.look("one")
    stage.delete("two")
    await stage.look("two")
    await stage.settle("one")
    assert stage.woken == [key("two")]
    await stage.settle("two")
    assert stage.take_writes() == ["DELETE one", "PUT one", "DELETE two"]


async def test_a_deletion_says_its_age_in_minutes(stage: Stage) -> None:
    stage.azure.settings.container_delete_seconds = 300
    await running(stage, one="subnet")
    stage.delete("one")
    await stage.look("one")
    stage.azure.clock.advance(150)
    await stage.look("one")
    said = next(c for c in stage.status("one")["conditions"] if c["type"] == "Ready")
    assert (
        said["message"] == f"Azure is deleting {stage.arm_id('one')}. It was asked for 2 min ago."
    )
