"""Microsoft's own management client, against container groups of the emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.containerinstance.aio import ContainerInstanceManagementClient

from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.settings import Settings
from emulator.containers.builders import a_group, with_identity
from emulator.containers.conftest import Call
from emulator.credential import Credential


@pytest.fixture
def settings() -> Settings:
    """Every read of the clock finds the group further on: three reads make it run."""
    return Settings(page_size=2)


class SteppingClock(Clock):
    """A clock that goes on by a fraction of a second whenever it is read."""

    def now(self) -> float:
        """Give the time, and move it."""
        self.advance(0.02)
        return super().now()


@pytest.fixture
async def azure(settings: Settings) -> AsyncIterator[Emulator]:
    """An Azure in which time passes with the requests."""
    async with Emulator(settings, clock=SteppingClock(frozen_at=1_790_000_000)) as emulator:
        yield emulator


@pytest.fixture
async def client(
    azure: Emulator, owner: Principal, aci: Call
) -> AsyncIterator[ContainerInstanceManagementClient]:
    arm = azure.endpoints.resource_manager
    async with ContainerInstanceManagementClient(
        Credential(lambda _: azure.token(owner)),
        azure.settings.subscription_ids[0],
        base_url=arm,
        credential_scopes=[f"{arm}/.default"],
        connection_verify=str(azure.endpoints.ca_file),
        retry_total=0,
        polling_interval=0,
    ) as client:
        yield client


async def made(client: ContainerInstanceManagementClient, name: str = "demo") -> Any:
    body: Any = with_identity(a_group(), "SystemAssigned")
    poller = await client.container_groups.begin_create_or_update("demo", name, body)
    return await poller.result()


async def test_the_client_creates_and_polls_until_it_runs(
    client: ContainerInstanceManagementClient,
) -> None:
    group = await made(client)
    assert (group.provisioning_state, group.instance_view.state) == ("Succeeded", "Running")
    assert group.identity.principal_id is not None
    assert group.containers[0].instance_view.current_state.state == "Running"


async def test_the_client_follows_the_pages_of_a_list(
    client: ContainerInstanceManagementClient,
) -> None:
    for name in ("one", "two", "three"):
        await made(client, name)
    names = [group.name async for group in client.container_groups.list()]
    assert names == ["one", "two", "three"]


async def test_the_client_stops_starts_and_deletes(
    client: ContainerInstanceManagementClient,
) -> None:
    await made(client)
    await client.container_groups.stop("demo", "demo")
    stopped: Any = await client.container_groups.get("demo", "demo")
    await (await client.container_groups.begin_start("demo", "demo")).result()
    started: Any = await client.container_groups.get("demo", "demo")
    await (await client.container_groups.begin_delete("demo", "demo")).result()
    states = [group.instance_view.state for group in (stopped, started)]
    assert states == ["Stopped", "Running"]
    assert [group.name async for group in client.container_groups.list()] == []


async def test_the_client_sees_azures_error_codes(
    client: ContainerInstanceManagementClient,
) -> None:
    body: Any = a_group(osType="Solaris")
    with pytest.raises(HttpResponseError) as caught:
        await client.container_groups.begin_create_or_update("demo", "demo", body)
    assert caught.value.error is not None
    assert (caught.value.status_code, caught.value.error.code) == (400, "InvalidOsType")
