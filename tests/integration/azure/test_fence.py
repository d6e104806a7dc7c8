"""A lease bounds how long a write may take, and nothing else."""

from __future__ import annotations

import pytest

from aci_operator.azure.errors import Unavailable
from aci_operator.azure.fence import Fence
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from integration.azure.conftest import Open

NAME = "/subscriptions/{}/resourceGroups/demo"
BODY = {"location": "eastus"}


async def test_a_write_is_given_up_after_its_time_and_a_read_is_not(
    open_session: Open, azure: Emulator, principal: Principal
) -> None:
    azure.assign_role(
        principal.oid, "Owner", f"/subscriptions/{azure.settings.subscription_ids[0]}"
    )
    session = await open_session(fence=Fence(write_seconds=0.3))
    arm_id = NAME.format(session.subscription_id)
    unbound = await open_session()
    await unbound.resource_groups.put(arm_id, BODY)
    azure.faults.next(delay=1.0, method="PUT")
    with pytest.raises(Unavailable) as caught:
        await session.resource_groups.put(arm_id, BODY)
    azure.faults.next(delay=1.0, method="GET")
    found = await session.resource_groups.get(arm_id)
    assert (caught.value.code, found["name"]) == ("TimedOut", "demo")
