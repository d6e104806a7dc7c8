"""Case 7, an agent in a private network with an identity: allowed, and sent as it is written."""

from __future__ import annotations

from typing import Any

import pytest

from in_process.scene import a_group, container, open_scene, source

VNET = "{}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
NOT_DELEGATED = {"status": 400, "method": "PUT", "path": "containerGroups/it", "times": 9}


def an_agent(subnet: str, identity: str) -> dict[str, Any]:
    token = {"name": "TOKEN", "secureValueFrom": source("token")}
    return a_group(
        subnetIds=[{"id": subnet}],
        ipAddress={"type": "Private", "ports": [{"port": 80}]},
        identity={"type": "UserAssigned", "userAssigned": [{"id": identity}]},
        imageRegistryCredentials=[{"server": "r.azurecr.io", "identityRef": {"id": identity}}],
        restartPolicy="Always",
        containers=[container(image="r.azurecr.io/agent:1", environmentVariables=[token])],
    )


async def test_case_07_it_is_sent_as_written_without_a_warning() -> None:
    async with open_scene() as scene:
        identity = await scene.identity("id1")
        subnet = VNET.format(scene.subscription)
        scene.secret("token", value="t0ken")
        scene.apply(an_agent(subnet, identity))
        await scene.settle()
        (body,) = scene.bodies()
        properties = body["properties"]
        assert body["identity"] == {
            "type": "UserAssigned",
            "userAssignedIdentities": {identity: {}},
        }
        assert (properties["subnetIds"], properties["ipAddress"]["type"]) == (
            [{"id": subnet}],
            "Private",
        )
        credential = {"server": "r.azurecr.io", "identity": identity}
        assert properties["imageRegistryCredentials"] == [credential]
        assert "networkProfile" not in properties
        assert [event for event in scene.events if event[0] == "Warning"] == []
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("SubnetMissingRequiredDelegation", "Subnet s requires a delegation."),
        ("BadRequest", "Subnet s requires any of the following delegation(s) [x]."),
    ],
)
async def test_case_07_a_subnet_without_delegation_is_told_with_the_way_out(
    code: str, message: str
) -> None:
    fault = {**NOT_DELEGATED, "code": code, "message": message}
    async with open_scene(faults=[fault]) as scene:
        identity = await scene.identity("id1")
        scene.secret("token", value="t0ken")
        scene.apply(an_agent(VNET.format(scene.subscription), identity))
        await scene.settle()
        found = scene.conditions("ContainerGroup", "it")
        assert (found["Ready"], found["Stalled"]) == (
            ("False", "SubnetNotDelegated"),
            ("True", "SubnetNotDelegated"),
        )
        words = "Delegate it to Microsoft.ContainerInstance/containerGroups."
        assert scene.message("ContainerGroup", "it").endswith(words)
