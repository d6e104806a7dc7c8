"""300 groups under Azure's own limits of requests: as fast as these allow, and never refused."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections import Counter
from pathlib import Path

import pytest

from azure_emulator.calls import Call
from azure_emulator.settings import Settings
from control_plane import ControlPlane
from integration.knob_world import Place, open_lapsed
from integration.manifests import Manifest, container_group, text
from integration.order_places import ready
from integration.world import World

pytestmark = pytest.mark.soak

COUNT, GONE = 300, 50
SPEED = float(os.environ.get("PACE_SPEED", "10"))
"""Azure's seconds in one of this machine. The figures are true at 1, where a run takes 11 minutes:
at 10 each second that the machine is busy counts as ten."""
FLOOR = 600.0
"""Seconds of Azure's until the 201st to 300th write may begin: 100 are let through in 300."""
SETTINGS = Settings(
    container_creation_seconds=20,
    container_groups_quota=COUNT,
    container_cores_quota=COUNT,
    token_seconds=7 * 86400,  # whoever asks Entra counts in real time
)
"""Quotas that are raised; the limits of requests are Azure's: 100 in five minutes, 300 an hour."""
WITHIN = max(400.0, 1000.0 / SPEED)
"""Seconds of this machine until all are Ready."""


@pytest.fixture
def place(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Place:
    name = request.node.name.split("_")[1]
    return Place(control_plane, operator_kubeconfig, f"pace-{name}", tmp_path)


def groups(world: World) -> list[Manifest]:
    return [
        container_group(f"group-{number:03}", resourceGroupRef={"id": world.group_id})
        for number in range(COUNT)
    ]


def answers(calls: list[Call]) -> Counter[str]:
    """Count the answers to writes on container groups, and all that say "too many requests"."""
    written = [f"{call.method} {call.status // 100}xx" for call in calls if call.method != "GET"]
    return Counter([*written, *("429" for call in calls if call.status == 429)])


def on_groups(world: World) -> list[Call]:
    return [call for call in world.azure.calls.list() if "containerGroups" in call.path]


async def test_groups_arrive_without_a_refusal(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_lapsed(place, SETTINGS, SPEED) as world:
        await world.apply(world.account.manifest())
        await world.kubectl("create", "-f", "-", stdin=text(*groups(world)))
        await until_ready(world)
        ready_at = world.azure.clock.now()
        found = answers(on_groups(world))
        tell(capsys, world, ready_at)
        await let_go(world)
    assert found == {"PUT 2xx": COUNT}


async def test_deletions_are_not_held_back_by_creations(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_lapsed(place, SETTINGS, SPEED) as world:
        await world.apply(world.account.manifest())
        items = groups(world)
        await world.kubectl("create", "-f", "-", stdin=text(*items[:GONE]))
        await until_ready(world)
        await world.kubectl("create", "-f", "-", stdin=text(*items[GONE:]))
        going = [f"acig/{item['metadata']['name']}" for item in items[:GONE]]
        await world.kubectl("delete", *going, "--timeout=100s")
        await until_ready(world)
        ready_at = world.azure.clock.now()
        calls = [call for call in on_groups(world) if call.method != "GET"]
        tell(capsys, world, ready_at)
        await let_go(world)
    assert answers(calls) == {"PUT 2xx": COUNT, "DELETE 2xx": GONE}
    after_the_last_delete = itertools.takewhile(lambda call: call.method == "PUT", calls[::-1])
    assert len(list(after_the_last_delete)) >= COUNT / 3


async def until_ready(world: World) -> None:
    """Wait longer than kubectl is let here."""
    async with asyncio.timeout(WITHIN):
        while not all(ready(item) for item in await world.objects()):  # noqa: ASYNC110
            await asyncio.sleep(1)


async def let_go(world: World) -> None:
    """Delete the objects; their groups go with the emulated Azure, as deletions are limited too."""
    world.azure.settings.change(
        {"container_deletes_per_5m": 10 * COUNT, "container_deletes_per_hour": 10 * COUNT}
    )
    await world.kubectl("delete", "aci", "--all", "--timeout=100s")


def tell(capsys: pytest.CaptureFixture[str], world: World, ready_at: float) -> None:
    """Print the counts, and how long it took by Azure's clock."""
    calls = on_groups(world)
    puts = [call.time for call in calls if call.method == "PUT"]
    last, whole = puts[-1] - puts[0], ready_at - puts[0]
    with capsys.disabled():
        print(f"\npace: the last PUT {last:.0f} s of Azure's after the first, floor {FLOOR:.0f}")
        print(f"  ({last / FLOOR - 1:.1%} above it); all Ready after {whole:.0f} s")
        print(f"  {dict(answers(calls))}")
