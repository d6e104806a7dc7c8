"""docs/uninstall.md, followed to the letter on a cluster of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from azure_emulator.emulator import Emulator
from control_plane import ControlPlane, KubectlError
from integration.command_line import aci_operator
from integration.world import PACE, SETTINGS, World, make_account
from stage import OPERATOR_NAMESPACE, OperatorProcess, install, prepare_samples
from stage.install import ROOT

PAGE = ROOT / "docs/uninstall.md"
pytestmark = pytest.mark.soak


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The first example on a cluster of its own, since the page takes the CRDs away."""
    with ControlPlane.start(tmp_path / "logs") as plane:
        async with Emulator(SETTINGS) as azure:
            account = make_account(azure)
            plane.run_kubectl("create", "namespace", "demo")
            samples = prepare_samples(tmp_path / "samples", account)
            log = tmp_path / "operator.log"
            kubeconfig = install(plane)
            with OperatorProcess(kubeconfig, log, PACE) as operator:
                world = World(plane, azure, operator, "demo", account, samples, kubeconfig)
                await world.apply_samples("example-1-user-assigned")
                await world.until_ready()
                yield world


def commands(section: str) -> list[list[str]]:
    """Read the commands of a section of the page, in their order."""
    text = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)
    found = next(each for each in text if each.startswith(section))
    blocks = re.findall(r"```\n(.*?)```", found, flags=re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


async def follow(world: World, section: str) -> None:
    """Run a section's commands as they stand."""
    for program, *arguments in commands(section):
        if program == "kubectl":
            paths = [str(ROOT / each) if each.startswith("deploy/") else each for each in arguments]
            await world.plane.kubectl_async(*paths)
        else:
            done = await aci_operator(world.plane.kubeconfig, *arguments)
            assert (done.code, done.error) == (0, "")


def left_in_azure(world: World) -> list[str]:
    """Name the groups, identities, vaults and container groups that Azure still has."""
    state = world.azure.state()
    kinds = ("resourceGroups", "userAssignedIdentities", "vaults", "containerGroups")
    return [arm_id.rpartition("/")[2] for kind in kinds for arm_id in state[kind]]


async def is_gone(world: World, *what: str) -> bool:
    """Whether the API server says that something is not there, or that it knows no such kind."""
    try:
        await world.plane.kubectl_async("get", *what)
    except KubectlError as error:
        return "NotFound" in str(error) or "doesn't have a resource type" in str(error)
    return False


async def test_objects_first_then_the_operator_leaves_what_is_retained(world: World) -> None:
    await follow(world, "With everything in Azure")
    namespace = await is_gone(world, "namespace", OPERATOR_NAMESPACE)
    kinds = await is_gone(world, "containergroups.aci-operator.io", "-A")
    assert (namespace, kinds) == (True, True)
    assert left_in_azure(world) == ["myResourceGroup", "mykeyvault"]


async def test_retained_objects_leave_everything(world: World) -> None:
    await follow(world, "With nothing in Azure touched")
    before = world.writes()
    await world.kubectl("delete", "containergroup/mycontainer", "--timeout=60s")
    assert world.writes() == before


async def test_without_the_operator_objects_go_and_their_remains_are_named(world: World) -> None:
    world.operator.kill()
    before = world.writes()
    await world.kubectl("delete", "aci", "--all", "--wait=false")
    await follow(world, "When the operator went first")
    assert (await is_gone(world, "containergroup", "mycontainer"), world.writes()) == (True, before)
