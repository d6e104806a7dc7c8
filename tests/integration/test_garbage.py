"""Grants of a group's own entries go with the group, by Kubernetes' garbage collector.

The control plane of the tests has a kube-controller-manager (deploy/local/control_plane), so what
is seen here is the real collector.
"""

from __future__ import annotations

import pytest

from aci_operator.api.objects import FINALIZER
from integration.world import World

GROUP = "containergroup/mycontainer-one-manifest"
PAUSED = "aci-operator.io/paused"


async def a_grant(world: World) -> str:
    """Have a group with an inline grant, which is paused once it stands; give its target."""
    await world.apply_samples("example-2-one-manifest")
    await world.until_ready()
    group = await world.get(GROUP)
    (made,) = [one for one in await world.objects() if "ownerReferences" in one["metadata"]]
    assert made["metadata"]["ownerReferences"] == [
        {
            "apiVersion": "aci-operator.io/v1alpha1",
            "kind": "ContainerGroup",
            "name": group["metadata"]["name"],
            "uid": group["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]
    grant = f"keyvaultaccess/{made['metadata']['name']}"
    await world.kubectl("annotate", grant, f"{PAUSED}=true")
    return grant


def granted(world: World) -> int:
    """Count the entries in the access policies of the only vault."""
    (vault,) = world.azure.state()["vaults"].values()
    return len(vault["properties"]["accessPolicies"])


@pytest.mark.parametrize("cascade", ["foreground", "background"])
async def test_a_grant_that_takes_long_goes_after_its_group_and_holds_it_only_in_foreground(
    world: World, cascade: str
) -> None:
    grant = await a_grant(world)
    await world.kubectl("delete", GROUP, f"--cascade={cascade}", "--wait=false")
    if cascade == "foreground":
        held = "--for=jsonpath={.metadata.finalizers[0]}=foregroundDeletion"
        await world.kubectl("wait", held, GROUP, "--timeout=60s")
    else:
        await world.kubectl("wait", "--for=delete", GROUP, "--timeout=60s")
    await world.kubectl("wait", "--for=jsonpath={.metadata.deletionTimestamp}", grant)
    assert (await world.get(grant))["metadata"]["finalizers"] == [FINALIZER]
    assert (
        granted(world),
        "DELETE containerGroups/mycontainer-one-manifest" in world.writes(),
    ) == (
        2,
        True,
    )
    await world.kubectl("annotate", grant, f"{PAUSED}-")
    await world.kubectl("wait", "--for=delete", grant, GROUP, "--timeout=60s")
    assert granted(world) == 1
