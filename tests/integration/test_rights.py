"""The ServiceAccount's rights: each that it has is used, seen by the API server's audit log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_emulator.calls import Call
from integration.world import World, shortened
from stage.install import OPERATOR_NAMESPACE, ROOT

USER = f"system:serviceaccount:{OPERATOR_NAMESPACE}:aci-operator"
GROUP = "aci-operator.io"
Right = tuple[str, str]
"""Verb and resource; all kinds of ours count as one."""


@pytest.mark.elected
async def test_every_right_that_is_granted_is_used(world: World) -> None:
    log = world.plane.audit
    if log is None:
        pytest.skip("a cluster that was there already keeps its audit log to itself")
    edit_during(world, "PUT containerGroups/mycontainer")
    await world.apply_samples("example-1-user-assigned", "example-2-system-assigned")
    await world.apply_samples("example-2-one-manifest")
    await world.until_ready()
    await end_inline_grants(world)
    await tag(world, "one")
    await world.operator.stop()
    world.operator.start()
    await tag(world, "two")
    await world.kubectl("delete", "aci", "--all", "--timeout=60s")
    await world.operator.stop()
    assert granted() - used(log) == set()


def edit_during(world: World, write: str) -> None:
    """Edit the group while that write is under way, so that the pass finds its view outdated."""

    def watch(call: Call) -> None:
        if shortened(call) == write:
            world.azure.calls.watchers.remove(watch)
            edit = ("label", "containergroup/mycontainer", "edited=meanwhile")
            world.plane.run_kubectl("-n", world.namespace, *edit)

    world.azure.calls.watchers.append(watch)


async def end_inline_grants(world: World) -> None:
    """Take the entries out of the group that has some: the object that was made for them goes."""
    (made,) = [one for one in await world.objects() if "ownerReferences" in one["metadata"]]
    patch = json.dumps({"spec": {"operator": {"keyVaultAccess": []}}})
    group = "containergroup/mycontainer-one-manifest"
    await world.kubectl("patch", group, "--type=merge", "-p", patch)
    gone = f"keyvaultaccess/{made['metadata']['name']}"
    await world.kubectl("wait", "--for=delete", gone, "--timeout=60s")


async def tag(world: World, value: str) -> None:
    """Edit the group's tags: the event reads the same each time, also after a restart."""
    patch = json.dumps({"spec": {"tags": {"tag": value}}})
    await world.kubectl("patch", "containergroup/mycontainer", "--type=merge", "-p", patch)
    generation = (await world.get("containergroup/mycontainer"))["metadata"]["generation"]
    reached = f"--for=jsonpath={{.status.observedGeneration}}={generation}"
    await world.kubectl("wait", reached, "containergroup/mycontainer", "--timeout=60s")


def granted() -> set[Right]:
    """Read the rights from the manifests."""
    base = ROOT / "deploy/kustomize/base"
    rights = set()
    for name in ("cluster-role.yaml", "role.yaml", "kube-system-role.yaml"):
        for document in yaml.safe_load_all((base / name).read_text()):
            for rule in document.get("rules", []):
                rights |= {
                    (verb, collapsed(group, *resource.split("/")))
                    for group in rule["apiGroups"]
                    for resource in rule["resources"]
                    for verb in rule["verbs"]
                }
    return rights


def used(log: Path) -> set[Right]:
    """Read from the audit log what the operator did, in all tests of this run so far."""
    events = (json.loads(line) for line in log.read_text().splitlines())
    ours = (event for event in events if event["user"]["username"] == USER)
    # What is about no object is discovery (`/version`, `/apis`), which everybody may read.
    requests = {right_of(event) for event in ours if "objectRef" in event}
    # The API server asks for this one itself, without a request, when an object is made that
    # holds its owner back: every grant of a group does (test_garbage.py).
    return requests | (
        {("update", "kinds/finalizers")} if ("create", "kinds") in requests else set()
    )


def right_of(event: dict[str, Any]) -> Right:
    """Give the right that a request needed; an apply is a patch to RBAC too."""
    about = event["objectRef"]
    parts = [part for part in (about["resource"], about.get("subresource")) if part]
    verb = "patch" if event["verb"] == "apply" else event["verb"]
    return verb, collapsed(about.get("apiGroup", ""), *parts)


def collapsed(group: str, resource: str, subresource: str = "") -> str:
    """Write a resource; our kinds are one, since none is treated in another way."""
    name = "kinds" if group == GROUP else resource
    return f"{name}/{subresource}" if subresource else name
