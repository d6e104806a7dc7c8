"""`kill -9` after each single write to Azure: nothing is lost, nothing is made twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date
from random import Random
from typing import Any

import pytest

from azure_emulator.containers import ContainerGroups
from integration.world import World, parts, shortened

EXAMPLES = ("example-1-user-assigned", "example-2-system-assigned")
GROUPS = ("mycontainer", "mycontainer-system")
WRITES = (
    # creation
    "PUT resourcegroups/myResourceGroup",
    "PUT vaults/mykeyvault",
    "PUT secrets/SampleSecret",
    "PUT userAssignedIdentities/myACIId",
    "PUT vaults/mykeyvault/accessPolicies/add",
    "PUT vaults/mykeyvault/accessPolicies/add",
    "PUT containerGroups/mycontainer",
    "PUT containerGroups/mycontainer-system",
    # deletion
    "DELETE secrets/SampleSecret",
    "PUT vaults/mykeyvault/accessPolicies/remove",
    "PUT vaults/mykeyvault/accessPolicies/remove",
    "DELETE containerGroups/mycontainer",
    "DELETE containerGroups/mycontainer-system",
    "DELETE userAssignedIdentities/myACIId",
)
"""All that both examples write, made and deleted; the order within each half is free."""


OF_THE_DAY = Random(date.today().toordinal()).sample(range(1, len(WRITES) + 1), 3)
"""Positions that `make test` looks at; `make soak` looks at all."""


@pytest.mark.parametrize("position", [None, *OF_THE_DAY])
async def test_a_crash_after_a_write_changes_nothing(world: World, position: int | None) -> None:
    assert await examples_come_and_go(world, position) == (MADE, LEFT, sorted(WRITES))


@pytest.mark.soak
@pytest.mark.parametrize("position", range(1, len(WRITES) + 1))
async def test_a_crash_after_any_write_changes_nothing(world: World, position: int) -> None:
    assert await examples_come_and_go(world, position) == (MADE, LEFT, sorted(WRITES))


async def examples_come_and_go(
    world: World, position: int | None
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Make and delete both examples, with a kill after that write; give what came of it."""
    async with crash_after(world, position):
        await world.apply_samples(*EXAMPLES)
        await world.until_ready()
        made = seen(world)
        await world.kubectl("delete", "aci", "--all", "--timeout=60s")
    calls = world.azure.calls.writes()
    written = sorted(shortened(call) for call in calls for _ in range(parts(call)))
    return made, seen(world), written


def seen(world: World) -> dict[str, Any]:
    """What Azure holds, principals by name, and how often each group's containers were started."""
    state = world.azure.state()
    vault = next(iter(state["vaults"].values()))
    groups = world.azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    return {
        **{kind: _names(state[kind]) for kind in ("resourceGroups", "containerGroups", "vaults")},
        "identities": _names(state["userAssignedIdentities"]),
        "secrets": _names(state["secrets"]),
        "deletedSecrets": _names(state["deletedSecrets"]),
        "policies": {
            _principal(world, entry["objectId"]): entry["permissions"]["secrets"]
            for entry in vault["properties"]["accessPolicies"]
        },
        "starts": {name: groups.starts(id_) for name, id_ in _ids(state["containerGroups"])},
    }


MADE = {
    "resourceGroups": ["myResourceGroup"],
    "containerGroups": ["mycontainer", "mycontainer-system"],
    "vaults": ["mykeyvault"],
    "identities": ["myACIId"],
    "secrets": ["SampleSecret"],
    "deletedSecrets": [],
    "policies": {
        "aci-operator": ["set", "list", "delete", "recover"],
        "myACIId": ["get"],
        "mycontainer-system": ["get"],
    },
    "starts": {"mycontainer": 1, "mycontainer-system": 1},
}
LEFT = {
    "resourceGroups": ["myResourceGroup"],
    "containerGroups": [],
    "vaults": ["mykeyvault"],
    "identities": [],
    "secrets": [],
    "deletedSecrets": ["SampleSecret"],
    "policies": {"aci-operator": ["set", "list", "delete", "recover"]},
    "starts": {},
}


@contextlib.asynccontextmanager
async def crash_after(world: World, position: int | None) -> AsyncIterator[None]:
    """Kill the operator after that write, and start it again at once."""
    if position is None:
        yield
        return
    killed = world.kill_operator_after(position)

    async def start_again() -> None:
        await killed.wait()
        world.operator.start()

    task = asyncio.create_task(start_again())
    yield
    # Grants on one vault that come together go in one call: there may be fewer calls than writes.
    if position > len(world.writes()):
        task.cancel()
        return
    assert killed.is_set()
    await task


def _names(section: dict[str, Any]) -> list[str]:
    return sorted(name for name, _ in _ids(section))


def _ids(section: dict[str, Any]) -> list[tuple[str, str]]:
    return [(id_.rstrip("/").rsplit("/", 1)[1], id_) for id_ in section]


def _principal(world: World, oid: str) -> str:
    found = world.azure.cloud.directory.find(oid)
    assert found is not None
    return found.display_name
