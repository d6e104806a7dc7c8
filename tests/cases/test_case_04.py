"""Case 4, a Windows group with an identity: it is made, with a word on how tokens are got there."""

from __future__ import annotations

from typing import Any

from in_process.scene import a_group, open_scene

SYSTEM: dict[str, Any] = {"osType": "Windows", "identity": {"type": "SystemAssigned"}}
VNET = "{}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/s"


async def test_case_04_an_identity_on_windows_is_applied_and_its_endpoint_told_once() -> None:
    async with open_scene() as scene:
        scene.apply(a_group(**SYSTEM))
        await scene.run_for(1800)
        told = [
            (type_, note) for type_, why, note in scene.events if why == "WindowsIdentityEndpoint"
        ]
        assert [type_ for type_, _ in told] == ["Warning"]
        for word in ("169.254.169.254", "IDENTITY_ENDPOINT", "`secret`", "principalId"):
            assert word in told[0][1]
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert scene.writes() == [("PUT", scene.path("it"))]


async def test_case_04_in_a_virtual_network_it_is_refused_before_azure_is_asked() -> None:
    async with open_scene() as scene:
        subnet = VNET.format(scene.subscription)
        scene.apply(a_group(**SYSTEM, subnetIds=[{"id": subnet}]))
        await scene.run_for(1800)
        found = scene.conditions("ContainerGroup", "it")
        reason = "NoIdentityTokenInWindowsVirtualNetwork"
        assert (found["Ready"], found["Stalled"]) == (("False", reason), ("True", reason))
        message = scene.message("ContainerGroup", "it")
        assert [
            f for f in ("spec.osType", "spec.identity", "spec.subnetIds") if f not in message
        ] == []
        assert scene.writes() == []


async def test_case_04_where_azure_still_refuses_it_is_stalled_and_seldom_tried() -> None:
    async with open_scene(knobs={"windows_identity_refused": True}) as scene:
        scene.apply(a_group(**SYSTEM))
        await scene.run_for(3500)
        found = scene.conditions("ContainerGroup", "it")
        reason = "IdentityNotSupportedOnWindows"
        assert (found["Ready"], found["Stalled"]) == (("False", reason), ("True", reason))
        assert scene.writes() == [("PUT", scene.path("it"))]
