"""All 120 orders of five kinds and their grants: applied, deleted, and with their namespaces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from control_plane import ControlPlane
from integration import order_states as states
from integration.order_places import ORDERS, Place, Walk, begun, never, ready, spoken
from integration.world import PACE, SETTINGS, open_world

pytestmark = pytest.mark.soak

PLENTY = 1_000_000
MANY = replace(
    SETTINGS,
    container_groups_quota=PLENTY,
    container_cores_quota=PLENTY,
    container_writes_per_hour=PLENTY,
    container_writes_per_5m=PLENTY,
    container_deletes_per_hour=PLENTY,
    container_deletes_per_5m=PLENTY,
)
TURNS = range(7)
AT_ONCE = 3
"""How many of a namespace's objects are asked to go before the namespace is."""


@pytest.fixture
async def walk(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Walk]:
    """120 namespaces, one Azure, one operator."""
    name = request.node.name.split("_")[1]
    async with open_world(
        control_plane, operator_kubeconfig, name, tmp_path, pace=PACE, settings=MANY
    ) as world:
        walk = Walk(world, name)
        await walk.open()
        try:
            yield walk
        finally:
            await walk.clear()


async def test_orders_of_applying_and_of_deleting_end_alike(
    walk: Walk, capsys: pytest.CaptureFixture[str]
) -> None:
    for turn in TURNS:
        await walk.apply(turn)
        await walk.until(spoken)
    await walk.until(ready)
    wrong = wrong_after(walk, states.made) | wrong_writes(walk)
    for turn in TURNS:
        await walk.delete(turn)
        await walk.until(begun)
    await walk.until(never)
    wrong_in_the_end = wrong_after(walk, states.left)
    tell(capsys, "orders applied and deleted one by one", {**wrong, **wrong_in_the_end})
    assert (wrong, wrong_in_the_end) == ({}, {})


async def test_namespaces_that_go_in_any_order_leave_what_is_retained(
    walk: Walk, capsys: pytest.CaptureFixture[str]
) -> None:
    await walk.apply(*TURNS)
    await walk.until(ready)
    wrong = wrong_after(walk, states.made) | wrong_writes(walk)
    for turn in range(AT_ONCE):
        await walk.delete(turn)
    await walk.delete_namespaces()
    await walk.until(never, "namespaces")
    wrong_in_the_end = wrong_after(walk, states.left)
    tell(capsys, "namespaces deleted", {**wrong, **wrong_in_the_end})
    assert (wrong, wrong_in_the_end) == ({}, {})


def wrong_after(walk: Walk, due: Callable[[Place], dict[str, Any]]) -> dict[str, Any]:
    """Give what Azure holds in those namespaces where it is not what is due."""
    state = walk.world.azure.state()
    held = {place: states.in_azure(walk.world, state, place) for place in walk.places}
    return {str(place.order): found for place, found in held.items() if found != due(place)}


def wrong_writes(walk: Walk) -> dict[str, Any]:
    """Give what was written by those namespaces where more was written than is needed."""
    written = {place: states.written(walk.world, place) for place in walk.places}
    return {
        str(place.order): found
        for place, found in written.items()
        if found != states.makings(place)
    }


def tell(capsys: pytest.CaptureFixture[str], what: str, wrong: dict[str, Any]) -> None:
    """Print the counts."""
    with capsys.disabled():
        print(f"\norders: {len(ORDERS)} {what}, {len(wrong)} wrong end states")
