"""Samples with volumes, probes, init containers and a network, end to end."""

from __future__ import annotations

import base64
from typing import Any

from integration.world import World
from schemas import validate_call

SUBNET = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/myResourceGroup/providers"
    "/Microsoft.Network/virtualNetworks/mynetwork/subnets/mysubnet"
)


async def applied(world: World, sample: str, group: str) -> dict[str, Any]:
    """Apply a sample and wait; give the properties of the group's only PUT."""
    await world.apply_samples(sample)
    await world.until_ready()
    calls = [c for c in world.azure.calls.writes() if f"/containerGroups/{group}" in c.path]
    assert [(call.method, validate_call(call)) for call in calls] == [("PUT", [])]
    assert "drift" not in (await world.get(f"containergroup/{group}"))["status"]
    return dict(calls[0].body["properties"])


async def test_volumes_probes_and_init_containers_reach_azure(world: World) -> None:
    sent = await applied(world, "volumes-and-probes", "mycontainer-volumes")
    key = {"shareName": "data", "storageAccountName": "mystorageaccount"}
    settings = base64.b64encode(b"colour = blue").decode()
    assert sent["volumes"] == [
        {"name": "page-folder", "emptyDir": {}},
        {"name": "settings", "secret": {"settings.ini": settings}},
        {"name": "share", "azureFile": {**key, "storageAccountKey": "not-a-real-key"}},
    ]
    (container,), (init,) = sent["containers"], sent["initContainers"]
    assert container["properties"]["livenessProbe"] == {
        "httpGet": {"path": "/", "port": 80, "scheme": "http"},
        "initialDelaySeconds": 5,
        "periodSeconds": 10,
    }
    assert init["properties"] == {
        "image": "mcr.microsoft.com/azure-cli",
        "command": ["sh", "-c", "echo hello > /page/index.html"],
        "volumeMounts": [{"name": "page-folder", "mountPath": "/page"}],
    }


async def test_a_group_in_a_network_has_a_private_address(world: World) -> None:
    sent = await applied(world, "virtual-network", "mycontainer-network")
    assert (sent["subnetIds"], sent["dnsConfig"], sent["ipAddress"]) == (
        [{"id": SUBNET}],
        {"nameServers": ["10.0.0.10"], "searchDomains": "internal.example"},
        {"type": "Private", "ports": [{"port": 80}]},
    )
    assert (await world.get("containergroup/mycontainer-network"))["status"]["ipAddress"]["ip"]
