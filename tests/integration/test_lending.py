"""Objects that live by a ClusterAzureAccount."""

from __future__ import annotations

from typing import Any

from integration.lending import forget, lend
from integration.manifests import Manifest, container_group, manifest, secret, source, target, text
from integration.world import World

LENT = {"kind": "ClusterAzureAccount", "name": "lent"}


async def test_within_the_limits_objects_live_and_hold_their_account(world: World) -> None:
    """Secret and account stay until the last object is gone, in any order of deletion."""
    roles = ["Key Vault Secrets User", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"]
    limits: dict[str, Any] = {"allowedNamespaces": [world.namespace], "allowedRoles": roles}
    await lend(world, **limits, allowedScopes=[world.group_id.upper().replace("/SUBS", "/subs")])
    objects = lent_objects()
    await world.apply(text(secret("value", value="canary-lent"), *objects))
    await world.until_ready(*(target(item) for item in objects))
    refs = [(await world.get(target(item)))["status"]["accountRef"] for item in objects]
    await world.kubectl("delete", "clusterazureaccount/lent", "--wait=false")
    await world.until("clusterazureaccount/lent", "Reconciling=InUse")
    for item in objects:
        await world.kubectl("delete", target(item), "--wait=false")
    await world.kubectl("wait", "--for=delete", "clusterazureaccount/lent", "--timeout=60s")
    assert refs == [LENT] * len(objects)
    await forget(world)


def lent_objects() -> list[Manifest]:
    """Give objects of five kinds, among them a role on an RBAC vault."""
    ref = {"resourceGroupRef": {"name": "my-rg"}}
    identity = {"type": "SystemAssigned"}
    group: Manifest = {"azureName": "myResourceGroup", "location": "eastus"}
    access: Manifest = {"keyVaultRef": {"name": "v"}, "permissions": {"secrets": ["get"]}}
    return [
        manifest("ResourceGroup", "my-rg", **group),
        manifest("KeyVault", "v", azureName="lentvault", **ref),
        container_group("g", identity=identity),
        manifest("KeyVaultAccess", "a", principal={"containerGroupRef": {"name": "g"}}, **access),
        manifest("KeyVaultSecret", "s", keyVaultRef={"name": "v"}, valueFrom=source("value")),
    ]
