"""The operator is right under every answer to what is not known of Azure, in any pair of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from control_plane import ControlPlane
from integration import knob_scene as scene
from integration.knob_cases import KnobCase, all_cases, cases_of
from integration.knob_story import BROKEN, OWN, READ, Story, stalled
from integration.knob_world import GROUP, Place, open_lapsed
from integration.test_crashes import crash_after
from integration.world import World

MOST_REFUSED = 20
"""Writes that Azure refuses in one part of a case; 10 were seen, most are far below."""
Open = Callable[[KnobCase], Any]
Told = dict[str, Any]
Compared = tuple[Told, Told]
"""What was found after a part of a case, and what should have been."""


@pytest.fixture
def place(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> Place:
    """Where a case plays; it is told what case that is, so that it can be played again."""
    case = request.node.callspec.params["case"]
    with capsys.disabled():
        print(f"\nknobs: {case}")
    name = f"knobs-{case.seed}-{case.number:02}-{request.node.originalname[5:]}".replace("_", "-")
    return Place(control_plane, operator_kubeconfig, name, tmp_path)


def _id(case: KnobCase) -> str:
    return f"case{case.number:02}"


@pytest.mark.soak
@pytest.mark.parametrize("case", all_cases(), ids=_id)
async def test_cover(place: Place, case: KnobCase) -> None:
    async with open_lapsed(place, case.settings) as world:
        found, right = await play(Story(world, case))
    assert found == right


@pytest.mark.parametrize("case", cases_of(date.today()), ids=_id)
async def test_part_of_the_day(place: Place, case: KnobCase) -> None:
    async with open_lapsed(place, case.settings) as world:
        found, right = await play(Story(world, case))
    assert found == right


async def play(story: Story) -> Compared:
    """Play one case, up to the first part that ends wrong."""
    found: Told = {}
    right: Told = {}
    for part in (creation, edits, idle, deletion):
        if found == right:
            found, right = await part(story)
    return found, right


async def creation(story: Story) -> Compared:
    case = story.case
    async with crash_after(story.world, case.killed_after):
        await story.apply()
    found = {
        **written(story),
        "stalled": await stalled(story.world),
        "read": {name: await story.read(name) for name in scene.READERS},
    }
    await story.drop_windows()
    refused = _windows_refused(case)
    return {**found, "dropped": story.take_writes()[0]}, {
        **expected(scene.made(case)),
        "stalled": ["windows"] if refused else [],
        "read": dict.fromkeys(scene.READERS, READ),
        "dropped": {} if refused else {"DELETE containerGroups/windows": 1},
    }


def written(story: Story) -> Told:
    """Give the writes since the last time, and whether Azure refused few."""
    writes, refused = story.take_writes()
    return {"writes": writes, "few refused": refused < MOST_REFUSED}


def expected(writes: dict[str, int]) -> Told:
    return {"writes": writes, "few refused": True}


async def edits(story: Story) -> Compared:
    case = story.case
    await story.edit()
    found = {
        "starts": {name: story.started(name) for name in scene.READERS},
        "read": await story.read_added(),
        "secure": story.secure_values()[-1:],
        **written(story),
        "stalled": await stalled(story.world),
        "warnings": await story.warnings() - warned(case),
    }
    broken = case.values["update_breaks_identity_endpoint"]
    return found, {
        "starts": scene.starts(case),
        "read": BROKEN if broken else READ,
        "secure": ["canary-second-2f9d"],
        **expected(scene.edited(case)),
        "stalled": [],
        "warnings": set(),
    }


async def idle(story: Story) -> Compared:
    return {"writes": await story.idle()}, {"writes": []}


async def deletion(story: Story) -> Compared:
    case = story.case
    async with crash_after(story.world, case.killed_after):
        await story.delete()
    found = written(story)
    found["writes"] |= again(case, found["writes"])
    right = {**expected(scene.deleted(case)), "left": expected_left(case)}
    return {**found, "left": left(story.world)}, right


def again(case: KnobCase, written: dict[str, int]) -> dict[str, int]:
    """Give the DELETEs that were sent twice, where that is right: a new operator cannot know that
    Azure took those of its predecessor, since the groups are still there."""
    if not case.killed_after or not case.values["container_delete_seconds"]:
        return {}
    twice = [what for what, times in written.items() if times == 2 and "containerGroups" in what]
    return dict.fromkeys(twice, 1)


def warned(case: KnobCase) -> set[tuple[str, str]]:
    """Give the warnings that are right; one may go with an operator that is killed."""
    windows = {("windows", "WindowsIdentityEndpoint")}
    if _windows_refused(case):
        windows.add(("windows", "RejectedByAzure"))
    refused = ("RequiresReplacement", "RefusedInPlace") if scene.refused_updates(case) else ()
    # The edit opens a port at the address that no container lists.
    return windows | {("both", reason) for reason in (*refused, "PortNotExposed")}


def left(world: World) -> dict[str, Any]:
    """Give what is in Azure in the end; principals by name."""
    state = world.azure.state()
    (group,) = state["resourceGroups"].values()
    (vault,) = state["vaults"].values()
    return {
        "group": {name: group.get(name) for name in GROUP},
        **{
            kind: [id_.rpartition("/")[2] for id_ in state[kind]]
            for kind in ("containerGroups", "userAssignedIdentities", "secrets", "deletedSecrets")
        },
        "policies": {
            _principal(world, entry["objectId"]): entry["permissions"]["secrets"]
            for entry in vault["properties"]["accessPolicies"]
        },
        "roles": [
            _principal(world, body["properties"]["principalId"])
            for id_, body in state["roleAssignments"].items()
            if "/vaults/" in id_.lower()
        ],
    }


def expected_left(case: KnobCase) -> dict[str, Any]:
    """Give what has to be left: the foreign group as it was, the vault with the operator in it."""
    return {
        "group": GROUP,
        "containerGroups": [],
        "userAssignedIdentities": [],
        "secrets": [],
        "deletedSecrets": ["SampleSecret"],
        "policies": {} if case.rbac else {"aci-operator": OWN},
        "roles": ["aci-operator"] if case.rbac else [],
    }


def _windows_refused(case: KnobCase) -> bool:
    return bool(case.values["windows_identity_refused"])


def _principal(world: World, oid: str) -> str:
    found = world.azure.cloud.directory.find(oid)
    assert found is not None
    return found.display_name
