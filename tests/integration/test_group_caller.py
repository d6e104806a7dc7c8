"""A caller whose rights end at a resource group is told what it lacks beyond it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aci_operator.azure.account import AccountSettings
from aci_operator.azure.errors import Forbidden
from aci_operator.azure.session import Session
from control_plane import ControlPlane
from integration.foreigner import Foreigner
from integration.knob_cases import SIZES, KnobCase
from integration.knob_world import GROUP, Place, open_lapsed
from integration.manifests import manifest, text
from integration.world import World

DEFAULTS = KnobCase(0, 0, dict.fromkeys(SIZES, 0))
DELETED = "Microsoft.KeyVault/locations/deletedVaults"


@pytest.fixture(scope="module")
async def world(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A world in which somebody else has deleted a vault that held the name `gonevault`."""
    folder = tmp_path_factory.mktemp("group-caller")
    place = Place(control_plane, operator_kubeconfig, "group-caller", folder)
    async with open_lapsed(place, DEFAULTS.settings) as world:
        theirs = Foreigner(world)
        elsewhere = f"/subscriptions/{world.account.subscription_id}/resourceGroups/theirs"
        await theirs.put(elsewhere, GROUP)
        vault = f"{elsewhere}/providers/Microsoft.KeyVault/vaults/gonevault"
        await theirs.put(vault, theirs.vault())
        await theirs.delete(vault)
        await world.apply(world.account.manifest())
        yield world
        await world.kubectl("delete", "aci", "--all", "--timeout=60s")


def subscription(world: World) -> str:
    return f"/subscriptions/{world.account.subscription_id}"


async def test_a_resource_group_of_its_own_is_refused_by_action_and_scope(world: World) -> None:
    group = manifest("ResourceGroup", "mine", location="eastus")
    await world.apply(text(group))
    said = await world.until("resourcegroup/mine", "Stalled=Forbidden")
    way_out = (
        "Give the account a role with Microsoft.Resources/subscriptions/resourceGroups/read on "
        f"{subscription(world)}/resourcegroups/mine."
    )
    assert said["message"].endswith(way_out)


async def test_deleted_vaults_cannot_be_seen_and_it_says_what_is_missing(world: World) -> None:
    vault = manifest(
        "KeyVault",
        "gonevault",
        azureName="gonevault",
        resourceGroupRef={"id": world.group_id},
        permissionModel="AccessPolicy",
    )
    await world.apply(text(vault))
    said = await world.until("keyvault/gonevault", "Stalled=NameUnavailable")
    lacks = (
        f"Whether it is a deleted one could not be seen: that takes a role with {DELETED}/read on "
        f"{subscription(world)}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults"
        "/gonevault. Choose another one."
    )
    assert lacks in said["message"]


async def test_a_purge_is_refused_by_action_and_scope(world: World) -> None:
    account = world.account
    session = await Session.open(
        AccountSettings(
            subscription_id=account.subscription_id,
            tenant_id=account.tenant_id,
            client_id=account.client_id,
            client_secret=account.client_secret,
            resource_manager=account.resource_manager,
            active_directory=account.active_directory,
            ca_bundle=account.ca_file.read_text(),
            custom=True,
        )
    )
    try:
        with pytest.raises(Forbidden) as raised:
            await session.vaults.purge(account.subscription_id, "eastus", "gonevault")
    finally:
        await session.close()
    assert (raised.value.action, raised.value.scope) == (
        f"{DELETED}/purge/action",
        f"{subscription(world)}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults"
        "/gonevault",
    )
