"""A group joins a subnet by the shipped roles alone, and what it leaves there is seen by them."""

from __future__ import annotations

from in_process.scene import Scene, a_group, open_scene
from integration.azure_roles import definition, shipped

FILES = ("azure-role", "azure-role-network")
ROLES = tuple(definition(name, number) for number, name in enumerate(FILES))
JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"


async def in_a_subnet(scene: Scene, *, network: bool) -> None:
    """Leave the operator the shipped role on `rg1`, and that for the subnet if told so."""
    net = await scene.resource_group("net")
    subnet = f"{net}/providers/Microsoft.Network/virtualNetworks/v/subnets/x"
    scene.leave_operator(shipped(FILES[0])["Name"], scene.group_id())
    if network:
        scene.azure.assign_role(scene.operator_id, shipped(FILES[1])["Name"], subnet)
    scene.apply(a_group(subnetIds=[{"id": subnet}]))
    await scene.settle()


async def test_the_shipped_roles_let_a_group_join_a_subnet_and_see_its_link() -> None:
    async with open_scene({"custom_roles": ROLES, "subnet_links_stay": True}) as scene:
        await in_a_subnet(scene, network=True)
        assert scene.unready() == {}
        scene.delete("ContainerGroup", "it")
        await scene.run_for(60)
        told = [reason for _, reason, _ in scene.events if reason == "SubnetLinkLeft"]
        refused = [call for call in scene.sent() if call.status == 403]
        assert (told, refused) == (["SubnetLinkLeft"], [])


async def test_without_the_role_the_missing_right_is_named() -> None:
    async with open_scene({"custom_roles": ROLES}) as scene:
        await in_a_subnet(scene, network=False)
        said = scene.conditions("ContainerGroup", "it")["Stalled"]
        assert (said, JOIN in scene.message("ContainerGroup", "it")) == (
            ("True", "Forbidden"),
            True,
        )
