"""A folder is emptied by mistake: the deletions wait for a word."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from control_plane import ControlPlane
from control_plane.errors import KubectlError
from integration.manifests import manifest, text
from integration.world import PACE, World, condition_of, open_world

MANY = 24


def identities() -> list[dict[str, object]]:
    group = {"resourceGroupRef": {"name": "my-rg"}}
    return [manifest("UserAssignedIdentity", f"id-{n:02}", **group) for n in range(MANY)]


@pytest.fixture
async def world(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[World]:
    options = (*PACE, "--deletion-guard")
    place = (f"deletion-guard-{len(request.node.name)}", tmp_path)
    async with open_world(control_plane, operator_kubeconfig, *place, pace=options) as it:
        group = manifest("ResourceGroup", "my-rg", azureName="myResourceGroup", location="eastus")
        await it.apply(it.account.manifest() + "---\n" + text(group, *identities()))
        await it.until_ready()
        it.operator.kill()
        await it.kubectl("delete", "userassignedidentity", "--all", "--wait=false")
        it.operator.start()
        yield it
        with contextlib.suppress(KubectlError):  # where nothing is left to be confirmed
            await it.kubectl("annotate", "aci", "--all", "aci-operator.io/deletion-confirmed=true")


async def test_an_emptied_folder_is_held_over_a_restart_until_it_is_confirmed(
    world: World,
) -> None:
    names = [f"userassignedidentity/id-{number:02}" for number in range(MANY)]
    for name in names:
        await world.until(name, "Stalled=DeletionHeld")
    await world.operator.stop()
    world.operator.start()
    confirm = "aci-operator.io/deletion-confirmed=true"
    await world.kubectl("annotate", names[0], confirm)
    await world.kubectl("wait", "--for=delete", names[0], "--timeout=30s")
    left = [condition_of(await world.get(name), "Ready")["reason"] for name in names[1:]]
    assert left == ["DeletionHeld"] * (MANY - 1)
    assert len(world.azure.state()["userAssignedIdentities"]) == MANY - 1


async def test_a_namespace_that_is_deleted_takes_its_objects_with_it(world: World) -> None:
    await world.until("userassignedidentity/id-00", "Stalled=DeletionHeld")
    await world.delete_namespace()
    assert world.azure.state()["userAssignedIdentities"] == {}
