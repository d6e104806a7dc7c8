"""Soft-deleted vaults of somebody else, which recorded lists show."""

from __future__ import annotations

from collections.abc import Mapping

from azure_emulator.resources.group import ResourceGroup
from azure_emulator.vaults import Vaults
from azure_emulator.wire import Caller, Request
from emulator.replay import Stage

_GROUP = "others"
_VERSION = "2019-09-01"


def delete_vault(stage: Stage, name: str, tags: Mapping[str, str], *, protected: bool) -> None:
    """Make a vault in a resource group of its own and delete it."""
    cloud = stage.azure.cloud
    subscription = cloud.settings.subscription_ids[0]
    cloud.groups.put(ResourceGroup(subscription, _GROUP, "westus"))
    properties = {
        "tenantId": cloud.settings.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [],
        **({"enablePurgeProtection": True} if protected else {}),
    }
    body = {"location": "westus", "tags": dict(tags), "properties": properties}
    provider = next(each for each in cloud.providers if isinstance(each, Vaults))
    given = {"subscription": subscription, "group": _GROUP, "name": name}
    for route in provider.routes():
        if route.template.endswith("/vaults/{name}") and route.method in ("PUT", "DELETE"):
            caller = Caller("others", "others", cloud.settings.tenant_id)
            query = {"api-version": _VERSION}
            request = Request(route.method, "", given, query, {}, body, caller, "")
            route.handler(request)
