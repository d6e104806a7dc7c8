"""Every change of a group's identities is one PUT and one restart, and ends with what was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from group_stage import Stage, a_group, a_stage

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
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        await it.make_identity("one")
        await it.make_identity("two")
        it.azure.settings.container_writes_per_5m = it.azure.settings.container_writes_per_hour = (
            10_000
        )
        yield it


def identity(stage: Stage, name: str) -> dict[str, Any] | None:
    """Give what a spec says."""
    type_, users = TYPES[name]
    if type_ is None:
        return None
    listed = [{"id": stage.identity_id(user)} for user in users]
    return {"type": type_, **({"userAssigned": listed} if listed else {})}


def had(stage: Stage) -> tuple[bool, tuple[str, ...]]:
    """Give what Azure has: a system identity or not, and the names of the others."""
    assigned = stage.azure_group().assigned
    names = sorted(one.rsplit("/", 1)[1].lower() for one in assigned.wanted.ids)
    return assigned.system is not None, tuple(names)


def asked(name: str) -> tuple[bool, tuple[str, ...]]:
    type_, users = TYPES[name]
    return "SystemAssigned" in (type_ or ""), users


async def change(stage: Stage, name: str) -> tuple[Any, ...]:
    """Ask for other identities; give what was written, restarted and reached."""
    before = stage.groups.starts(stage.arm_id())
    stage.edit(identity=identity(stage, name))
    await stage.settle()
    restarts = stage.groups.starts(stage.arm_id()) - before
    return stage.said(), stage.take_writes(), restarts, had(stage)


@pytest.mark.parametrize("knobs", KNOBS, ids=[" ".join(knobs) or "defaults" for knobs in KNOBS])
@pytest.mark.parametrize("start", TYPES)
async def test_each_change_is_one_put_and_one_restart(
    stage: Stage, start: str, knobs: dict[str, Any]
) -> None:
    for name, value in knobs.items():
        setattr(stage.azure.settings, name, value)
    stage.add(a_group(stage.settings.subscription_id, identity=identity(stage, start)))
    await stage.settle()
    stage.take_writes()
    seen, right = [], []
    for end in [name for name in TYPES if name != start]:
        times = 0 if (start, end) in SAME else 1
        for name in (end, start):
            seen.append((start, end, *await change(stage, name)))
            right.append((start, end, ("True", "Running"), ["PUT it"] * times, times, asked(name)))
    assert seen == right


async def test_an_identity_that_goes_is_named_and_left_out_of_the_whole_set(stage: Stage) -> None:
    stage.add(a_group(stage.settings.subscription_id, identity=identity(stage, "two")))
    await stage.settle()
    stage.edit(identity=identity(stage, "one"))
    await stage.settle()
    sent = stage.azure.calls.writes()[-1].body["identity"]
    assert sent == {
        "type": "UserAssigned",
        "userAssignedIdentities": {stage.identity_id("one"): {}},
    }
    await stage.events()
    told = [note for _, reason, note in stage.server.events if reason == "Updated"]
    both = f"{stage.identity_id('one')}, {stage.identity_id('two')}"
    change = f"spec.identity.userAssigned: {both} → {stage.identity_id('one')}"
    assert told == [f"{stage.arm_id()} was changed: {change}."]


async def test_the_system_identity_stays_the_same_while_it_is_wanted(stage: Stage) -> None:
    stage.add(a_group(stage.settings.subscription_id, identity=identity(stage, "system")))
    await stage.settle()
    principals = []
    for name in ("system and one", "system and two", "system", "one", "system"):
        await change(stage, name)
        principals.append(stage.status()["identity"].get("principalId"))
    first, last = principals[0], principals[-1]
    assert principals == [first, first, first, None, last]
    assert last not in (None, first)
