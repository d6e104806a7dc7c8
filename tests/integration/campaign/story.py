"""The scenarios, one after the other in one life: each starts where the one before has ended."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import yaml

from integration.campaign.stage import Stage
from integration.manifests import manifest, secret, text

ACCESS = "mycontainer-system-reads-mykeyvault"
ROLE = "my-second-id-reads-my-rg"
FILES = (
    "base",
    "example-1-user-assigned",
    "example-2-system-assigned",
    "both-identities",
)
LEFT_OUT = "mycontainer-both"
"""Of the last sample only the identity and its grant are played."""
WISH = "aci-operator.io/reconcile-requested-at"


async def create(stage: Stage) -> None:
    """Both examples, and an identity with a grant and a role that no group uses."""
    folder = stage.world.folder
    paths = [path for name in FILES for path in sorted((folder / name).glob("*.yaml"))]
    items = [item for path in paths for item in yaml.safe_load_all(path.read_text())]
    items = [item for item in items if not item["metadata"]["name"].startswith(LEFT_OUT)]
    role = manifest(
        "RoleAssignment",
        ROLE,
        scope={"resourceGroupRef": {"name": "my-rg"}},
        roleName="Reader",
        principal={"userAssignedIdentityRef": {"name": "my-second-id"}},
    )
    await stage.world.apply(text(*items, role))


async def edit(stage: Stage) -> None:
    """Tags, an image, the value of a secret, the permissions of a grant, the words of a role."""
    await patch(stage, "containergroups/mycontainer", {"spec": {"tags": {"edited": "yes"}}})
    container = {"name": "mycontainer", "image": "mcr.microsoft.com/cbl-mariner"}
    containers = [
        {
            **container,
            "command": ["tail", "-f", "/dev/null"],
            "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
        }
    ]
    await patch(stage, "containergroups/mycontainer-system", {"spec": {"containers": containers}})
    await patch(
        stage,
        f"keyvaultaccesses/{ACCESS}",
        {"spec": {"permissions": {"secrets": ["get", "list"]}}},
    )
    await patch(stage, f"roleassignments/{ROLE}", {"spec": {"description": "edited"}})
    await stage.world.apply(text(secret("sample", value="Hello again")))
    await look(stage, "keyvaultsecrets/sample-secret", "edit")


async def principal(stage: Stage) -> None:
    """A group and an identity are deleted in Azure; grants follow those that are made anew."""
    world = stage.world
    identities = f"{world.group_id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    await stage.foreigner.delete(f"{identities}/mySecondId")
    await stage.foreigner.delete(world.container_group_id("mycontainer-system"))
    await look(stage, "userassignedidentities/my-second-id", "principal")
    await look(stage, "containergroups/mycontainer-system", "principal")


async def identity(stage: Stage) -> None:
    """A running group gets an identity of a user, another one is switched to its own."""
    both = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"name": "my-second-id"}]}
    await patch(stage, "containergroups/mycontainer-system", {"spec": {"identity": both}})
    own = {"type": "SystemAssigned", "userAssigned": None}
    await patch(stage, "containergroups/mycontainer", {"spec": {"identity": own}})


async def delete(stage: Stage) -> None:
    """Everything at once."""
    await stage.world.kubectl("delete", "aci", "--all", "--wait=false")


SCENARIOS: Mapping[str, Callable[[Stage], Awaitable[None]]] = {
    "create": create,
    "edit": edit,
    "principal": principal,
    "identity": identity,
    "delete": delete,
}

WRITES = {"create": 11, "edit": 5, "principal": 8, "identity": 2, "delete": 9}
"""How often Azure is written to in each when nothing disturbs; each grant on a vault counts."""
CALLS = {"create": 9, "edit": 5, "principal": 6, "identity": 2, "delete": 7}
"""How many calls these are at least: grants on one vault that come together go in one."""

KUBERNETES_WRITES = {"create": 105, "edit": 12, "principal": 15, "identity": 8, "delete": 20}
"""How many writes to Kubernetes there are at least; a few more or less come each time."""


async def look(stage: Stage, target: str, value: str) -> None:
    """Ask for a look at Azure now."""
    await patch(stage, target, {"metadata": {"annotations": {WISH: value}}})


async def patch(stage: Stage, target: str, body: dict[str, Any]) -> None:
    """Merge into an object of ours, as its user."""
    path = f"/apis/aci-operator.io/v1alpha1/namespaces/{stage.world.namespace}/{target}"
    await stage.kube.patch(path, json.loads(json.dumps(body)), "application/merge-patch+json")
