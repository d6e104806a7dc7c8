"""The order of the manifests does not matter: each object waits, says for what, and goes on."""

from __future__ import annotations

import random
from typing import Any

import pytest

from integration.manifests import Manifest, sample_objects, target, text
from integration.summaries import summary
from integration.world import World

EXAMPLES = ("example-1-user-assigned", "example-2-system-assigned")

NEEDS = {
    "azureaccount/azure": ("secret/azure-credential",),
    "resourcegroup/my-rg": ("azureaccount/azure",),
    "keyvault/mykeyvault": ("azureaccount/azure", "resourcegroup/my-rg"),
    "keyvaultsecret/sample-secret": (
        "azureaccount/azure",
        "secret/sample",
        "keyvault/mykeyvault",
    ),
    "userassignedidentity/my-aci-id": ("azureaccount/azure", "resourcegroup/my-rg"),
    "containergroup/mycontainer": (
        "azureaccount/azure",
        "userassignedidentity/my-aci-id",
        "resourcegroup/my-rg",
    ),
    "containergroup/mycontainer-system": ("azureaccount/azure", "resourcegroup/my-rg"),
    "keyvaultaccess/my-aci-id-reads-mykeyvault": (
        "azureaccount/azure",
        "keyvault/mykeyvault",
        "userassignedidentity/my-aci-id",
    ),
    "keyvaultaccess/mycontainer-system-reads-mykeyvault": (
        "azureaccount/azure",
        "keyvault/mykeyvault",
        "containergroup/mycontainer-system",
    ),
}
"""What each object needs, in the order in which a pass looks for it."""

WRITES = [
    "PUT containerGroups/mycontainer",
    "PUT containerGroups/mycontainer-system",
    "PUT resourcegroups/myResourceGroup",
    "PUT secrets/SampleSecret",
    "PUT userAssignedIdentities/myACIId",
    "PUT vaults/mykeyvault",
    "PUT vaults/mykeyvault/accessPolicies/add",
    "PUT vaults/mykeyvault/accessPolicies/add",
]


def complete(name: str, applied: set[str]) -> bool:
    """Whether an object can be Ready: all that it needs is there, down to the last."""
    return name in applied and all(complete(needed, applied) for needed in NEEDS.get(name, ()))


def expected(name: str, applied: set[str]) -> tuple[str, str, str] | None:
    """Give `Type=Reason` and the words that the message must hold; None if nothing is missing."""
    missing = [needed for needed in NEEDS.get(name, ()) if not complete(needed, applied)]
    if not missing:
        return None
    needed, (kind, _, bare) = missing[0], missing[0].partition("/")
    if kind == "secret":
        return "Reconciling=WaitingForSecret", f"names Secret {bare}, ", "does not exist"
    if kind == "azureaccount" and needed not in applied:
        return "Stalled=NoAccount", "has no AzureAccount", "Create one"
    if kind == "azureaccount":
        return "Reconciling=AccountNotReady", f"AzureAccount {bare} is not ready", ""
    problem = "which is not ready" if needed in applied else "which does not exist"
    return "Reconciling=WaitingForReference", f"/{bare}, ", problem


async def apply_in_turn(world: World, items: list[Manifest]) -> list[str]:
    """Apply one object after the other; before the next, each must say what it waits for.

    Give those that waited.
    """
    applied: set[str] = set()
    waited = []
    for item in items:
        name = target(item)
        await world.apply(text(item))
        applied.add(name)
        awaited = expected(name, applied)
        if awaited is not None:
            said = await world.until(name, awaited[0])
            assert awaited[1] in said["message"]
            assert awaited[2] in said["message"]
            waited.append(name)
    return waited


def users_first(items: list[Manifest]) -> list[Manifest]:
    """Account and Secrets first; then nothing before what uses it."""
    depth: dict[str, int] = {}
    for name, needs in NEEDS.items():
        depth[name] = 1 + max(depth.get(needed, 0) for needed in needs)
    return sorted(items, key=lambda i: 0 if "Acc" in i["kind"][:8] else -depth.get(target(i), 99))


async def apply_all(world: World, order: Any) -> list[str]:
    items = await sample_objects(world, *EXAMPLES)
    if order == "reverse":
        items.reverse()
    elif order == "users first":
        items = users_first(items)
    else:
        random.Random(order).shuffle(items)
    return await apply_in_turn(world, items)


@pytest.mark.parametrize("order", ["reverse", "users first", 5, 11])
async def test_any_order_ends_alike(world: World, order: Any) -> None:
    first_process = world.operator.pid
    waited = await apply_all(world, order)
    await world.until_ready(seconds=60)
    summaries = {summary(item) for item in await world.objects()}
    assert (len(waited) >= 3, {found[:1] + found[2:] for found in summaries}) == (
        True,
        {("True", "")},
    )
    assert sorted(world.writes()) == WRITES
    assert (world.operator.pid, world.operator.running) == (first_process, True)
