"""Whatever Azure answers on the way, the end is that of an undisturbed run.

A failed case is played again by the command that it prints.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from control_plane import ControlPlane
from integration.campaign.picture import roles_of
from integration.faults.kinds import KINDS, Order, sprinkled, square
from integration.foreigner import Foreigner
from integration.knob_world import LapsedOperator
from integration.manifests import manifest, text
from integration.test_crashes import EXAMPLES, LEFT, MADE, seen
from integration.world import SECRET, World, make_account, pace_of, undeclared
from lapse.time import Lapse, LapsedAzureClock
from stage import prepare_samples
from stage.install import ROOT

SEED = int(os.environ.get("FAULT_SEED", "0"))
SPEED, POLL, PATIENCE = 20, 60.0, 110
CHANGED = {**MADE, "starts": {"mycontainer": 2, "mycontainer-system": 1}}
"""An edit of the image has started one group again; the other was deleted outside and made anew."""
VALUE = "Hello Container Instances"
ROLE = manifest(
    "RoleAssignment",
    "mycontainer-system-reads-my-rg",
    scope={"resourceGroupRef": {"name": "my-rg"}},
    roleName="Reader",
    principal={"containerGroupRef": {"name": "mycontainer-system"}},
)
GIVEN = [["mycontainer-system", "myResourceGroup", "mycontainer-system-reads-my-rg"]]
"""The role, also after its principal was made anew."""
Parts = list[list[tuple[str, Order]]]
Ending = tuple[tuple[Any, Any, Any], dict[str, int], list[str]]


@dataclass(frozen=True)
class Place:
    """Where the cluster is, and what is one case's own in it."""

    plane: ControlPlane
    kubeconfig: Path
    folder: Path
    namespace: str


@pytest.fixture
def place(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Place:
    """A namespace for the case alone."""
    case = "".join(letter if letter.isalnum() else "-" for letter in request.node.name.lower())
    return Place(control_plane, operator_kubeconfig, tmp_path, f"f{case[5:]}".strip("-")[:60])


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """Count faults by kind, and print the counts in the end."""
    counted: Counter[str] = Counter()
    yield counted
    print(f"\nfaults: {sum(counted.values())} happened in all; by kind: {dict(counted)}")


@pytest.mark.soak
@pytest.mark.parametrize("row", range(len(KINDS)))
async def test_each_fault_on_each_write(place: Place, row: int, tally: Counter[str]) -> None:
    assert await play(place, square(row), tally) == AS_ALWAYS


@pytest.mark.soak
@pytest.mark.parametrize("number", range(SEED, SEED + 6))
async def test_faults_on_any_call(place: Place, number: int, tally: Counter[str]) -> None:
    assert await play(place, sprinkled(number), tally) == AS_ALWAYS


@pytest.mark.soak
async def test_operations_that_take_long(place: Place, tally: Counter[str]) -> None:
    slow = Settings(container_creation_seconds=240, container_update_seconds=120)
    assert await play(place, [[], [], []], tally, slow) == AS_ALWAYS


@pytest.mark.soak
async def test_an_operation_that_fails_and_heals(place: Place, tally: Counter[str]) -> None:
    failing = Settings(provisioning_timeout=30)
    assert await play(place, [[], [], []], tally, failing, 90) == AS_ALWAYS


async def test_faults_of_the_day(place: Place, tally: Counter[str]) -> None:
    seed = date.today().toordinal()
    print(f"again: FAULT_SEED={seed} .venv/bin/pytest -m soak tests/integration/faults -k any_call")
    assert await play(place, sprinkled(seed), tally) == AS_ALWAYS


async def play(
    place: Place,
    parts: Parts,
    tally: Counter[str],
    settings: Settings | None = None,
    pull_fails_for: float = 0,
) -> Ending:
    """Make, change and delete the examples under these faults, which a failure prints.

    Gives what was there each time, which writes came how often, and what was told of.
    """
    print([[(name, order["method"], order["path"]) for name, order in part] for part in parts])
    async with open_faulty(place, settings or Settings()) as world:
        if pull_fails_for:
            groups = world.azure.cloud.container_groups
            assert isinstance(groups, ContainerGroups)
            groups.behave(pull_fails_for=pull_fails_for)
        with ordered(world, parts[0], tally):
            await world.apply_samples(*EXAMPLES)
            await world.apply(text(ROLE))
            await world.until_ready(seconds=PATIENCE)
        made = seen_with_roles(world)
        with ordered(world, parts[1], tally):
            await change(world)
        changed = seen_with_roles(world)
        with ordered(world, parts[2], tally):
            await world.kubectl("delete", "aci", "--all", f"--timeout={PATIENCE}s")
        return (made, changed, seen_with_roles(world)), once(world), told(world)


def seen_with_roles(world: World) -> dict[str, Any]:
    """What Azure holds, with the roles that are an object's."""
    return {**seen(world), "roles": roles_of(world)}


async def change(world: World) -> None:
    """Edit tags, then the image; somebody deletes the other group."""
    await patch(world, tags={"edited": "yes"})
    await world.until_ready(seconds=PATIENCE)
    container = (await world.get("containergroup/mycontainer"))["spec"]["containers"][0]
    await patch(world, containers=[{**container, "image": "mcr.microsoft.com/azure-cli:2.91.0"}])
    await Foreigner(world).delete(world.container_group_id("mycontainer-system"))
    await settled(world)


async def settled(world: World) -> None:
    """Wait until the edit has arrived, and the lost group and its grant are there again."""
    asked = f"aci-operator.io/reconcile-requested-at={time.monotonic_ns()}"
    target = "containergroup/mycontainer-system"
    await world.kubectl("annotate", "--overwrite", target, asked)
    done = f"--for=jsonpath={{.status.lastHandledReconcileAt}}={asked.partition('=')[2]}"
    await world.kubectl("wait", done, f"--timeout={PATIENCE}s", target)
    generation = (await world.get("containergroup/mycontainer"))["metadata"]["generation"]
    reached = f"--for=jsonpath={{.status.observedGeneration}}={generation}"
    await world.kubectl("wait", reached, f"--timeout={PATIENCE}s", "containergroup/mycontainer")
    await world.until_ready(seconds=PATIENCE)
    group = (await world.get(target))["status"]["identity"]["principalId"]
    granted = f"--for=jsonpath={{.status.principalId}}={group}"
    access = "keyvaultaccess/mycontainer-system-reads-mykeyvault"
    role = f"roleassignment/{ROLE['metadata']['name']}"
    await world.kubectl("wait", granted, f"--timeout={PATIENCE}s", access, role)
    await world.until_ready(seconds=PATIENCE)


async def patch(world: World, **spec: Any) -> None:
    body = json.dumps({"spec": spec})
    await world.kubectl("patch", "containergroup/mycontainer", "--type=merge", "-p", body)


ONCE = {
    "PUT containerGroups/mycontainer": 2,
    "PUT containerGroups/mycontainer-system": 2,
}
"""What may restart containers, as often as an undisturbed run does it: made, and changed or made
again."""
_ENDS = ({**MADE, "roles": GIVEN}, {**CHANGED, "roles": GIVEN}, {**LEFT, "roles": []})
AS_ALWAYS: Ending = (_ENDS, ONCE, [])
"""How an undisturbed run ends, with no secret in the log."""


def once(world: World) -> dict[str, int]:
    """Count the PUTs of groups that Azure has carried out."""
    done = [call for call in world.azure.calls.writes() if call.status < 300]
    puts = Counter(f"{call.method} {call.path.partition('?')[0]}" for call in done)
    named = {
        what.replace(f"{world.group_id}/providers/Microsoft.ContainerInstance/", ""): times
        for what, times in puts.items()
    }
    return {what: times for what, times in named.items() if what.startswith("PUT containerGroups")}


def told(world: World) -> list[str]:
    """Give secrets that stand in the log."""
    log = world.operator.log.read_text()
    return [secret for secret in (SECRET, VALUE) if secret in log]


class ordered:  # noqa: N801 - reads as a verb
    """Order faults for what is done within; those that did not happen are forgotten."""

    def __init__(self, world: World, orders: list[tuple[str, Order]], tally: Counter[str]) -> None:
        self._faults, self._tally = world.azure.faults, tally
        self._orders = orders

    def __enter__(self) -> None:
        self._waiting = [(name, self._faults.next(**order)) for name, order in self._orders]

    def __exit__(self, *exception: object) -> None:
        for name, fault in self._waiting:
            self._tally[name] += int(KINDS[name].get("times", 1)) - fault.times
        self._faults.clear()


@asynccontextmanager
async def open_faulty(place: Place, settings: Settings) -> AsyncIterator[World]:
    """A world in lapsed time, whose operator has a whole subscription."""
    lapse = Lapse(SPEED, time.time())
    clock = LapsedAzureClock(lapse)
    async with Emulator(settings, clock=clock) as azure:
        account = make_account(azure)
        samples = prepare_samples(place.folder / "samples", account)
        operator = LapsedOperator(
            place.kubeconfig,
            place.folder / "operator.log",
            [*pace_of(POLL, POLL), "--log-level", "DEBUG"],
            {"PYTHONPATH": f"{ROOT / 'operator'}:{ROOT / 'tests'}", **lapse.environ()},
        )
        world = World(
            place.plane, azure, operator, place.namespace, account, samples, place.kubeconfig
        )
        await place.plane.kubectl_async("create", "namespace", place.namespace)
        operator.start()
        try:
            yield world
        finally:
            azure.faults.clear()
            await world.kubectl("delete", "aci", "--all", "--timeout=60s")
            operator.kill()
            await world.kubectl("delete", "namespace", place.namespace, "--wait=false")
        assert undeclared(azure) == []
