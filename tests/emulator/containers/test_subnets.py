"""A subnet shows the link of container groups while one is in it."""

from __future__ import annotations

import pytest

from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import GROUP, a_group
from emulator.containers.conftest import Call

SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/x"
ACI = "Microsoft.ContainerInstance/containerGroups"


async def linked(arm: Client) -> list[tuple[str, str]]:
    """Give ID and type of each link."""
    answer = await arm("GET", SUBNET, "2023-11-01")
    found = answer.body["properties"].get("serviceAssociationLinks", [])
    return [(each["id"], each["properties"]["linkedResourceType"]) for each in found]


@pytest.mark.parametrize("stays", [False, True])
async def test_the_link_goes_with_the_last_group_unless_told_to_stay(
    aci: Call, arm: Client, azure: Emulator, stays: bool
) -> None:
    await aci("PUT", "demo", a_group(subnetIds=[{"id": SUBNET.upper()}]))
    there = [(f"{SUBNET}/serviceAssociationLinks/acisal", ACI)]
    assert await linked(arm) == there
    azure.settings.change({"subnet_links_stay": stays})
    azure.clock.advance(60)
    await aci("DELETE", "demo")
    assert await linked(arm) == (there if stays else [])
