"""A subnet as far as container groups touch it: the link that they keep in it."""

from __future__ import annotations

from typing import Any

from azure_emulator.containers.group import TYPE
from azure_emulator.containers.store import Store
from azure_emulator.wire import Request, Response

API_VERSIONS = ("2023-11-01",)
"""Of Microsoft.Network: one that a user's report names (Azure/azure-cli#21637)."""
READ = "Microsoft.Network/virtualNetworks/subnets/read"
SUBNET = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.Network/virtualNetworks/{network}/subnets/{name}"
)


class Subnets:
    """Networks are not emulated: every subnet is there, and delegated to container groups."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, request: Request) -> Response:
        """Give a subnet. Its link is there while a group is in it, or for ever
        (`settings.subnet_links_stay`) [inf]; shape and names as users' reports show them."""
        subnet_id = SUBNET.format(**request.parameters)
        delegated = {"serviceName": TYPE}
        properties: dict[str, Any] = {
            "provisioningState": "Succeeded",
            "delegations": [{"name": "aci", "properties": delegated}],
        }
        if self._store.cloud.settings.subnet_links_stay or self._used(subnet_id):
            properties["serviceAssociationLinks"] = [_link(subnet_id)]
        name = request.parameters["name"]
        return Response(200, {"id": subnet_id, "name": name, "properties": properties})

    def _used(self, subnet_id: str) -> bool:
        return any(
            subnet["id"].lower() == subnet_id.lower()
            for group in self._store.under("")
            for subnet in group.sent.get("subnetIds") or ()
        )


def _link(subnet_id: str) -> dict[str, Any]:
    return {
        "id": f"{subnet_id}/serviceAssociationLinks/acisal",
        "name": "acisal",
        "properties": {"linkedResourceType": TYPE, "provisioningState": "Succeeded"},
    }
