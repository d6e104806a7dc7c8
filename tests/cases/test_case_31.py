"""Case 31, contradictions that are seen before Azure sees them: all together, each with both ends.

What the schema refuses (a GPU without its kind, `dnsConfig: {}`, `memoryInGb`) is among the CRDs'
own tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from in_process.scene import a_group, container, open_scene, source

PUBLIC: dict[str, Any] = {"ipAddress": {"type": "Public", "ports": [{"port": 80}]}}
SUBNET: dict[str, Any] = {
    "id": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net/providers/"
    "Microsoft.Network/virtualNetworks/v/subnets/s"
}
METRICS: dict[str, Any] = {"name": "m", "extensionType": "realtime-metrics", "version": "1.0"}
LIMITED = container(resources={"requests": {"cpu": 1, "memoryInGB": 1.5}, "limits": {"cpu": 2.5}})


@pytest.mark.parametrize(
    ("spec", "reason", "words"),
    [
        ({**PUBLIC, "subnetIds": [SUBNET]}, "PublicAddressInVirtualNetwork", "spec.subnetIds"),
        (
            {"containers": [LIMITED]},
            "LimitExceedsGroupRequest",
            "limit of 2.5 CPU cores is above the 1 ",
        ),
        ({"extensions": [METRICS]}, "ExtensionNeedsSubnet", "spec.subnetIds"),
        ({**PUBLIC, "priority": "Spot"}, "SpotWithAddress", "spec.ipAddress"),
    ],
)
async def test_case_31_a_contradiction_is_refused_before_azure_is_asked(
    spec: dict[str, Any], reason: str, words: str
) -> None:
    async with open_scene() as scene:
        scene.apply(a_group(**spec))
        await scene.run_for(3600)
        found = scene.conditions("ContainerGroup", "it")
        assert (found["Ready"], found["Stalled"]) == (("False", reason), ("True", reason))
        assert words in scene.message("ContainerGroup", "it")
        assert [e[:2] for e in scene.events if e[1] == reason] == [("Warning", reason)]
        assert scene.calls() == []


async def test_case_31_all_of_them_are_told_together_and_gone_together() -> None:
    async with open_scene() as scene:
        scene.apply(a_group(**PUBLIC, subnetIds=[SUBNET], priority="Spot", containers=[LIMITED]))
        await scene.settle()
        message = scene.message("ContainerGroup", "it")
        assert message.startswith("3 contradictions. (1) spec.ipAddress.type: ")
        assert "(2) spec.containers[app].resources.limits.cpu: " in message
        assert "(3) spec.ipAddress: " in message
        scene.apply(a_group(priority="Spot"))
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        (body,) = scene.bodies()
        assert (body["properties"]["priority"], scene.writes()) == (
            "Spot",
            [("PUT", scene.path("it"))],
        )


async def test_case_31_a_contradicting_edit_leaves_the_running_group_alone() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.apply(a_group())
        await scene.settle()
        scene.mark()
        scene.apply(a_group(containers=[LIMITED]))
        await scene.run_for(1800)
        found = scene.conditions("ContainerGroup", "it")
        assert found["Ready"] == ("False", "LimitExceedsGroupRequest")
        assert scene.writes() == []
        scene.apply(a_group())
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert scene.writes() == []


async def test_case_31_name_servers_alone_are_sent_alone() -> None:
    async with open_scene() as scene:
        scene.apply(a_group(subnetIds=[SUBNET], dnsConfig={"nameServers": ["10.0.0.4"]}))
        await scene.settle()
        (body,) = scene.bodies()
        assert body["properties"]["dnsConfig"] == {"nameServers": ["10.0.0.4"]}


async def test_case_31_protected_settings_come_from_a_secret_and_are_no_drift() -> None:
    extension = {**METRICS, "protectedSettingsFrom": source("settings")}
    async with open_scene() as scene:
        scene.secret("settings", value='{"key": "canary"}')
        scene.apply(a_group(subnetIds=[SUBNET], extensions=[extension]))
        await scene.settle()
        (body,) = scene.bodies()
        sent = body["properties"]["extensions"][0]["properties"]
        assert sent["protectedSettings"] == {"key": "canary"}
        scene.mark()
        await scene.run_for(1800)
        assert (scene.writes(), "Drifted" in scene.conditions("ContainerGroup", "it")) == (
            [],
            False,
        )
