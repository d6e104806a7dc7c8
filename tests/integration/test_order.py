"""The order of the manifests does not matter: each object waits, says for what, and goes on."""

from __future__ import annotations

import random
from collections.abc import Callable

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


def expected(name: str, applied: set[str]) -> tuple[str, list[str]]:
    """Give `Type=Reason` and words that the message must hold; "" if nothing is missing."""
    missing = [needed for needed in NEEDS.get(name, ()) if not complete(needed, applied)]
    if not missing:
        return "", []
    needed, (kind, _, bare) = missing[0], missing[0].partition("/")
    if kind == "secret":
        return "Reconciling=WaitingForSecret", [f"names Secret {bare}, ", "does not exist"]
    if kind == "azureaccount" and needed not in applied:
        return "Stalled=NoAccount", ["has no AzureAccount", "Create an AzureAccount"]
    if kind == "azureaccount":
        return "Reconciling=AccountNotReady", [f"AzureAccount {bare} is not ready: "]
    problem = "which is not ready: " if needed in applied else "which does not exist. Create it."
    return "ReferencesResolved=WaitingForReference", [f"/{bare}, ", problem]


async def apply_in_turn(world: World, items: list[Manifest]) -> list[str]:
    """Apply one object after the other; before the next, each must say what it waits for.

    Give the reasons of those that waited.
    """
    applied: set[str] = set()
    waited = []
    for item in items:
        name = target(item)
        await world.apply(text(item))
        applied.add(name)
        condition, words = expected(name, applied)
        if condition:
            said = await world.until(name, condition)
            assert [word for word in words if word not in said["message"]] == []
            waited.append(said["reason"])
    return waited


def users_first(items: list[Manifest]) -> list[Manifest]:
    """Secrets, then the account; then nothing before what uses it."""
    depth = {"azureaccount/azure": 98}
    for name, needs in NEEDS.items():
        steps = [depth[needed] for needed in needs[1:] if needed in depth]
        depth.setdefault(name, 1 + max(steps, default=0))
    return sorted(items, key=lambda item: -depth.get(target(item), 99))


ORDERS: dict[str, Callable[[list[Manifest]], list[Manifest]]] = {
    "reverse": lambda items: items[::-1],
    "users first": users_first,
    "shuffled with 5": lambda items: random.Random(5).sample(items, len(items)),
    "shuffled with 11": lambda items: random.Random(11).sample(items, len(items)),
}


@pytest.mark.parametrize("order", ORDERS)
async def test_any_order_ends_alike(world: World, order: str) -> None:
    first_process = world.operator.pid
    items = ORDERS[order](await sample_objects(world, *EXAMPLES))
    waited = await apply_in_turn(world, items)
    assert len(waited) > len(items) / 2
    await world.until_ready(seconds=60)
    ready = {(status, beside) for status, _, beside in map(summary, await world.objects())}
    assert (ready, sorted(world.writes())) == ({("True", "")}, WRITES)
    assert (world.operator.pid, world.operator.running) == (first_process, True)
