"""An administrator stops all writes to Azure, and lets them go on, while the operator runs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from integration.manifests import manifest, text
from integration.world import World
from stage import OPERATOR_NAMESPACE

GROUP = manifest("ResourceGroup", "my-rg", azureName="myResourceGroup", location="eastus")
OTHER = manifest("ResourceGroup", "other", azureName="otherGroup", location="eastus")
WHY = (
    "azureWrites of the ConfigMap aci-operator-system/aci-operator is Stopped: "
    "nothing is written to Azure"
)


async def tell(world: World, word: str) -> None:
    """Do what docs/operations.md says."""
    where = ("-n", OPERATOR_NAMESPACE)
    dry = ("create", "configmap", "aci-operator", f"--from-literal=azureWrites={word}")
    made = await world.plane.kubectl_async(*where, *dry, "--dry-run=client", "-o", "yaml")
    await world.plane.kubectl_async(*where, "apply", "-f", "-", stdin=made.stdout)


@pytest.fixture
async def stopped(world: World) -> AsyncIterator[World]:
    """A world with a resource group, in which writes have just been stopped."""
    await world.apply(world.account.manifest() + "---\n" + text(GROUP))
    await world.until_ready()
    await tell(world, "Stopped")
    try:
        yield world
    finally:
        where = ("-n", OPERATOR_NAMESPACE, "delete", "configmap", "aci-operator")
        await world.plane.kubectl_async(*where, "--ignore-not-found")


async def test_nothing_is_written_while_stopped_and_everything_goes_on_after(
    stopped: World,
) -> None:
    world = stopped
    await world.operator.stop()
    world.operator.start()
    world.azure.calls.forget()
    tagged = {**GROUP, "spec": {**GROUP["spec"], "tags": {"a": "1"}}}
    await world.apply(text(OTHER, tagged))
    made = await world.until("resourcegroup/other", "Ready=AzureWritesStopped")
    edited = await world.until("resourcegroup/my-rg", "Ready=AzureWritesStopped")
    await world.kubectl("delete", "resourcegroup/other", "--wait=false")
    assert (made["message"], edited["message"], world.writes()) == (WHY, WHY, [])
    await tell(world, "Allowed")
    await world.kubectl("wait", "--for=delete", "resourcegroup/other", "--timeout=30s")
    await world.until_ready()
    assert world.writes() == ["PATCH resourcegroups/myResourceGroup"]


async def test_an_account_with_a_new_secret_is_ready_while_writes_are_stopped(
    stopped: World,
) -> None:
    """Reading a Secret, and holding it, writes nothing to Azure."""
    await stopped.operator.stop()
    stopped.operator.start()  # which reads the switch before its first pass
    renamed = stopped.account.manifest().replace("name: azure\n", "name: second\n")
    await stopped.apply(renamed)
    await stopped.until_ready("azureaccount/second", seconds=30)
    assert stopped.writes() == ["PUT resourcegroups/myResourceGroup"]
