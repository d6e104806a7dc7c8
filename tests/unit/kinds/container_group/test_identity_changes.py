"""Every change of a group's identities is one PUT and one restart, and ends with what was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from in_process.scene import Scene, a_group, open_scene
from in_process.stage import IDENTITIES

TYPES: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "left out": (None, ()),
    "None": ("None", ()),
    "system": ("SystemAssigned", ()),
    "one": ("UserAssigned", ("one",)),
    "other": ("UserAssigned", ("two",)),
    "two": ("UserAssigned", ("one", "two")),
    "system and one": ("SystemAssigned, UserAssigned", ("one",)),
    "system and two": ("SystemAssigned, UserAssigned", ("one", "two")),
}
SAME = {("left out", "None"), ("None", "left out")}
"""Both mean no identity, so nothing is written between the two."""
KNOBS: list[dict[str, Any]] = [
    {},
    {"put_without_identity_removes": False},
    {"update_answers_200": False, "put_updates_tags": False},
    {"identity_keys_as_sent": False, "shouted_case": True, "shuffled_order": True},
]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        await it.identity("one")
        await it.identity("two")
        it.azure.settings.container_writes_per_5m = it.azure.settings.container_writes_per_hour = (
            10_000
        )
        yield it


def identity(scene: Scene, name: str) -> dict[str, Any] | None:
    """Give what a spec says."""
    type_, users = TYPES[name]
    if type_ is None:
        return None
    listed = [{"id": scene.arm_id(user, IDENTITIES)} for user in users]
    return {"type": type_, **({"userAssigned": listed} if listed else {})}


def had(scene: Scene) -> tuple[bool, tuple[str, ...]]:
    """Give what Azure has: a system identity or not, and the names of the others."""
    assigned = scene.living().assigned
    names = sorted(one.rsplit("/", 1)[1].lower() for one in assigned.wanted.ids)
    return assigned.system is not None, tuple(names)


def asked(name: str) -> tuple[bool, tuple[str, ...]]:
    type_, users = TYPES[name]
    return "SystemAssigned" in (type_ or ""), users


async def change(scene: Scene, name: str) -> tuple[Any, ...]:
    """Ask for other identities; give what was written, restarted and reached."""
    before = scene.groups.starts(scene.arm_id())
    scene.edit(identity=identity(scene, name))
    await scene.settle()
    restarts = scene.groups.starts(scene.arm_id()) - before
    return scene.said(), scene.take_writes(), restarts, had(scene)


@pytest.mark.parametrize("knobs", KNOBS, ids=[" ".join(knobs) or "defaults" for knobs in KNOBS])
@pytest.mark.parametrize("start", TYPES)
async def test_each_change_is_one_put_and_one_restart(
    scene: Scene, start: str, knobs: dict[str, Any]
) -> None:
    for name, value in knobs.items():
        setattr(scene.azure.settings, name, value)
    scene.apply(a_group(identity=identity(scene, start)))
    await scene.settle()
    scene.take_writes()
    seen, right = [], []
    for end in [name for name in TYPES if name != start]:
        times = 0 if (start, end) in SAME else 1
        for name in (end, start):
            seen.append((start, end, *await change(scene, name)))
            right.append((start, end, ("True", "Running"), ["PUT it"] * times, times, asked(name)))
    assert seen == right


async def test_an_identity_that_goes_is_named_and_left_out_of_the_whole_set(scene: Scene) -> None:
    scene.apply(a_group(identity=identity(scene, "two")))
    await scene.settle()
    scene.edit(identity=identity(scene, "one"))
    await scene.settle()
    sent = scene.bodies()[-1]["identity"]
    assert sent == {
        "type": "UserAssigned",
        "userAssignedIdentities": {scene.arm_id("one", IDENTITIES): {}},
    }
    one, two = (scene.arm_id(name, IDENTITIES) for name in ("one", "two"))
    change = f"spec.identity.userAssigned: {one}, {two} → {one}"
    assert scene.told("Updated") == [f"{scene.arm_id()} was changed: {change}."]


async def test_the_system_identity_stays_the_same_while_it_is_wanted(scene: Scene) -> None:
    scene.apply(a_group(identity=identity(scene, "system")))
    await scene.settle()
    principals = []
    for name in ("system and one", "system and two", "system", "one", "system"):
        await change(scene, name)
        principals.append(scene.status()["identity"].get("principalId"))
    first, last = principals[0], principals[-1]
    assert principals == [first, first, first, None, last]
    assert last not in (None, first)
