"""What a group leaves behind in its subnet: a link of the service, without which it can be deleted.

That the link may stay is [inf] (cases.md 30; azure.md section 1 has the call that deletes it). It
is told, and nothing more: other groups may use the subnet, and whoever keeps the network decides.
"""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.azure.container_groups import TYPE
from aci_operator.azure.errors import AzureError
from aci_operator.kinds.container_group.subnets import subnets
from aci_operator.reconcile import authority
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Halt


async def tell(p: Pass) -> None:
    """Warn of each subnet where a link stays though our last group has left it.

    Without the right to read the subnet nothing is said. Never raises: the group is gone.
    """
    for subnet in subnets(p.spec):
        link = "" if _used(p, subnet) else left(await _read(p, subnet))
        if link:
            p.event(
                reasons.SUBNET_LINK_LEFT,
                f"The group is gone, and {link} stays. If nobody else's group is in the subnet, "
                "neither it nor its delegation can be deleted before: `az resource delete "
                f"--api-version 2018-10-01 --ids {subnet}/providers/Microsoft.ContainerInstance/"
                "serviceAssociationLinks/default`.",
                type_="Warning",
            )


def left(subnet: Body) -> str:
    """Give the ARM ID of the link of container groups; empty if there is none. Pure."""
    for link in (subnet.get("properties") or {}).get("serviceAssociationLinks") or ():
        linked = str((link.get("properties") or {}).get("linkedResourceType"))
        if linked.lower() == TYPE.lower():
            return str(link.get("id") or "a service association link")
    return ""


async def _read(p: Pass, subnet: str) -> Body:
    try:
        authority.require_scope(p, "spec.subnetIds", subnet)
        return await p.session.subnets.get(subnet)
    except (AzureError, Halt, ValueError):
        return {}


def _used(p: Pass, subnet: str) -> bool:
    groups = p.world.store.of_kind(CONTAINER_GROUP.kind)
    return any(each.key != p.object.key and subnet in subnets(each.spec) for each in groups)
