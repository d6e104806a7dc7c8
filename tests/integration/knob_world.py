"""A world in lapsed time whose operator may act in one resource group that somebody else made."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from control_plane import ControlPlane
from integration.foreigner import Foreigner
from integration.world import SECRET, World, pace_of, undeclared
from lapse.time import Lapse, LapsedAzureClock
from stage import Account, OperatorProcess
from stage.install import ROOT

SPEED = float(os.environ.get("KNOB_SPEED", "20"))
POLL = 60.0
"""Lapsed seconds between two looks at what is settled, its health included."""
GROUP = {"location": "eastus", "tags": {"theirs": "yes"}}
ROLES = ("Contributor", "Role Based Access Control Administrator")
"""What `deploy/samples` need; here on the resource group, and nothing on the subscription."""


class LapsedOperator(OperatorProcess):
    """The operator in lapsed time."""

    module = "lapse"


@dataclass(frozen=True)
class Place:
    """Where the cluster is, and what is this world's own in it."""

    plane: ControlPlane
    kubeconfig: Path
    namespace: str
    folder: Path


@asynccontextmanager
async def open_lapsed(
    place: Place, settings: Settings, speed: float = SPEED
) -> AsyncIterator[World]:
    """Set up Azure with these settings, with the group and its caller, and start the operator."""
    lapse = Lapse(speed, time.time())
    async with Emulator(settings, clock=LapsedAzureClock(lapse)) as azure:
        world = _world(place, azure, lapse)
        await place.plane.kubectl_async("create", "namespace", place.namespace)
        await Foreigner(world).put(world.group_id, GROUP)
        azure.calls.forget()
        world.operator.start()
        try:
            yield world
        except BaseException:
            azure.calls.watchers.clear()
            await _clear(world)
            raise
        finally:
            world.operator.kill()
            await world.kubectl("delete", "namespace", world.namespace, "--wait=false")
        assert undeclared(azure) == []


def _world(place: Place, azure: Emulator, lapse: Lapse) -> World:
    operator = LapsedOperator(
        place.kubeconfig,
        place.folder / "operator.log",
        [*pace_of(POLL, POLL), "--log-level", "DEBUG"],
        {"PYTHONPATH": f"{ROOT / 'operator'}:{ROOT / 'tests'}", **lapse.environ()},
    )
    account = _account_of_a_group(azure)
    return World(
        place.plane, azure, operator, place.namespace, account, place.folder, place.kubeconfig
    )


def _account_of_a_group(azure: Emulator) -> Account:
    subscription_id = azure.settings.subscription_ids[0]
    principal = azure.create_service_principal("aci-operator", secret=SECRET)
    for role in ROLES:
        scope = f"/subscriptions/{subscription_id}/resourceGroups/myResourceGroup"
        azure.assign_role(principal.oid, role, scope)
    return Account(
        subscription_id=subscription_id,
        tenant_id=azure.settings.tenant_id,
        client_id=principal.appid,
        client_secret=SECRET,
        resource_manager=azure.endpoints.resource_manager,
        active_directory=azure.endpoints.active_directory,
        ca_file=azure.endpoints.ca_file,
    )


async def _clear(world: World) -> None:
    """After a failure: delete the objects, in an Azure that is quick and allows everything."""
    azure, plain = world.azure, Settings()
    kept = ("exec_shell",)
    azure.settings.change(
        {
            field.name: getattr(plain, field.name)
            for field in fields(plain)
            if field.name not in kept and str(field.type) in ("bool", "int", "float")
        }
    )
    azure.clock.advance(3600)
    principal = azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    azure.assign_role(principal.oid, "Owner", f"/subscriptions/{world.account.subscription_id}")
    world.operator.kill()
    world.operator.start()
    await world.kubectl("delete", "aci", "--all", "--timeout=60s")
