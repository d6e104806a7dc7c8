"""Random specs of every kind, one after the other: status = Azure = spec, whatever came before."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from control_plane import ControlPlane
from integration.walks.cards import dealt
from integration.walks.scene import POLL, SETTINGS, WALKED, Scene, abandon, open_scene, vault_of
from integration.walks.tally import Tally
from integration.walks.walk import Walk, token
from integration.world import open_world, pace_of, undeclared

SEED = int(os.environ.get("WALK_SEED", date.today().toordinal()))
ONLY = os.environ.get("WALK_ONLY", "")
"""Such as `ContainerGroup/3`, or all of a kind: these walks alone."""
CRASHES = ("pass failed", "Traceback")
Size = tuple[Mapping[str, int], int]
SWEEP: Size = ({**dict.fromkeys(WALKED, 10), "ContainerGroup": 30}, 10)
PART: Size = ({**dict.fromkeys(WALKED, 2), "ContainerGroup": 4}, 4)
"""Walks by kind, and steps of each."""


@pytest.fixture
def shell(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path: Path
) -> tuple[ControlPlane, Path, Path]:
    return control_plane, operator_kubeconfig, tmp_path


@pytest.mark.soak
async def test_sweep(
    shell: tuple[ControlPlane, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(shell, capsys, "sweep", SWEEP) == []


async def test_part_of_the_day(
    shell: tuple[ControlPlane, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(shell, capsys, "part_of_the_day", PART) == []


async def run(
    shell: tuple[ControlPlane, Path, Path],
    capsys: pytest.CaptureFixture[str],
    name: str,
    size: Size,
) -> list[str]:
    """Walk all walks at once; give what was wrong, each with how to see it again."""
    plane, kubeconfig, folder = shell
    tally, pace = Tally(), pace_of(poll=POLL, health=POLL)
    place = f"walks-{name.replace('_', '-')}-{SEED}"
    async with open_world(plane, kubeconfig, place, folder, pace=pace, settings=SETTINGS) as world:
        first = world.operator.pid
        async with open_scene(world, _vaults(size), _holders(size)) as scene:
            walks = _walks(scene, size, tally)
            await asyncio.gather(*(walk.go() for walk in walks))
            tally.wrong += sorted(set(undeclared(world.azure)))
            tally.wrong += await idle(scene)
        log = world.operator.log.read_text()
        tally.wrong += [line for line in log.splitlines() if any(c in line for c in CRASHES)]
        assert (world.operator.running, world.operator.pid) == (True, first)
        await abandon(world)
        told = [f"{wrong}\n  again: {_again(name, wrong)}" for wrong in tally.wrong]
        with capsys.disabled():
            print(f"\nwalks: seed {SEED}; {tally}", *told, sep="\n")
    return told


async def idle(scene: Scene) -> list[str]:
    """Look for three intervals; give what was written and which statuses moved."""
    await asyncio.sleep(2)
    scene.world.azure.calls.forget()
    before = _versions(scene)
    await asyncio.sleep(3 * POLL)
    moved = [str(key) for key, version in _versions(scene).items() if before.get(key) != version]
    return [f"written when idle: {what}" for what in [*scene.world.writes(), *moved]]


def _versions(scene: Scene) -> dict[tuple[str, str], str]:
    """Give what each object says, but for a grant's effect: it is said when its time has come."""
    return {key: _told(item.get("status") or {}) for key, item in scene.objects.items()}


def _told(status: Mapping[str, Any]) -> str:
    said = [c for c in status.get("conditions") or () if c["type"] != "AccessEffective"]
    return json.dumps({**status, "conditions": said}, sort_keys=True)


def _walks(scene: Scene, size: Size, tally: Tally) -> list[Walk]:
    numbers, steps = size
    return [
        Walk(scene, kind, number, SEED, tally, steps, dealt(kind, SEED, number, many))
        for kind, many in numbers.items()
        for number in range(many)
        if ONLY in ("", kind, f"{kind}/{number}")
    ]


def _vaults(size: Size) -> dict[str, str]:
    """Give each walk of a KeyVaultAccess or a group, and its fresh twin, a vault of their own."""
    models = ("AccessPolicy", "AccessPolicy", "RBAC")
    found = {}
    for kind in ("KeyVaultAccess", "ContainerGroup"):
        for number in range(size[0][kind]):
            for which in "ab":
                word = token(kind, number, which)
                name = vault_of(word) if kind == "ContainerGroup" else f"{word}v"
                found[name] = models[number % 3]
    return found


def _holders(size: Size) -> list[str]:
    """Give each walk of a RoleAssignment, and its fresh twin, principals of their own."""
    many = range(size[0]["RoleAssignment"])
    return [token("RoleAssignment", number, which) for number in many for which in "ab"]


def _again(name: str, wrong: str) -> str:
    walk = wrong.partition(" ")[0]
    only = f" WALK_ONLY={walk}" if walk.partition("/")[0] in WALKED else ""
    return f"WALK_SEED={SEED}{only} .venv/bin/pytest tests/integration/walks -k {name}"
