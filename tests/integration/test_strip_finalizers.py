"""`aci-operator strip-finalizers`, after an operator that went first."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from control_plane import ControlPlane
from integration.command_line import Done, aci_operator
from integration.manifests import Manifest, manifest, secret
from integration.world import World

OURS, THEIRS = "aci-operator.io/finalizer", "example.org/finalizer"
RG = "/subscriptions/s/resourceGroups/left"


@dataclass
class Team:
    """A namespace without an operator."""

    plane: ControlPlane
    namespace: str

    async def create(self, item: Manifest, *finalizers: str) -> None:
        item["metadata"]["finalizers"] = list(finalizers)
        text = json.dumps(item)
        await self.plane.kubectl_async("-n", self.namespace, "create", "-f", "-", stdin=text)

    async def finalizers(self, target: str) -> list[str]:
        path = "jsonpath={.metadata.finalizers}"
        found = await self.plane.kubectl_async("-n", self.namespace, "get", target, "-o", path)
        return list(json.loads(found.stdout or "[]"))

    async def stripped(self, *options: str) -> Done:
        return await aci_operator(
            self.plane.kubeconfig, "strip-finalizers", "-n", self.namespace, *options
        )


@pytest.fixture
async def team(control_plane: ControlPlane, operator_kubeconfig: Path) -> AsyncIterator[Team]:
    await control_plane.kubectl_async("create", "namespace", "stripped-team")
    it = Team(control_plane, "stripped-team")
    await it.create(manifest("ResourceGroup", "left", location="eastus"), OURS, THEIRS)
    status = json.dumps({"status": {"id": RG}})
    patch = ("patch", "resourcegroup/left", "--subresource=status", "--type=merge", "-p", status)
    await control_plane.kubectl_async("-n", it.namespace, *patch)
    await it.create(secret("held", value="canary-of-a-held-secret"), OURS)
    await it.create(secret("free", value="canary"), THEIRS)
    yield it
    clear = ("--type=merge", "-p", '{"metadata": {"finalizers": null}}')
    for target in ("resourcegroup/left", "secret/held", "secret/free"):
        await control_plane.kubectl_async("-n", it.namespace, "patch", target, *clear)
    await control_plane.kubectl_async("delete", "namespace", it.namespace)


async def test_without_yes_it_only_says_what_it_would_do(team: Team) -> None:
    assert await team.stripped() == Done(
        0,
        [
            "ResourceGroup stripped-team/left: finalizer would be removed",
            "Secret stripped-team/held: finalizer would be removed",
            "Stays in Azure:",
            f"  {RG}",
            "Nothing was changed. Add --yes once the operator is gone.",
        ],
        "",
    )
    assert await team.finalizers("resourcegroup/left") == [OURS, THEIRS]


async def test_it_removes_our_finalizer_and_nobody_elses(team: Team) -> None:
    done = await team.stripped("--yes")
    left = [
        await team.finalizers(target)
        for target in ("resourcegroup/left", "secret/held", "secret/free")
    ]
    assert (done.code, left) == (0, [[THEIRS], [], [THEIRS]])


async def test_a_kind_leaves_the_others_held(team: Team) -> None:
    done = await team.stripped("--yes", "--kind", "Secret")
    assert done == Done(0, ["Secret stripped-team/held: finalizer removed"], "")
    assert await team.finalizers("resourcegroup/left") == [OURS, THEIRS]


async def test_who_may_not_read_secrets_is_told_so(team: Team) -> None:
    jane = team.plane.kubeconfig_for("jane", [])
    done = await aci_operator(jane, "strip-finalizers", "-n", "stripped-team", "--kind", "Secret")
    assert (done.code, done.lines) == (2, [])
    assert 'User "jane" cannot list resource "secrets"' in done.error


async def test_objects_that_wait_for_an_operator_that_is_gone_go_at_once(world: World) -> None:
    await world.apply_samples("example-1-user-assigned")
    await world.until_ready()
    world.operator.kill()
    before = world.azure.state()
    await world.kubectl("delete", "aci,secrets", "--all", "--wait=false")
    done = await aci_operator(
        world.plane.kubeconfig, "strip-finalizers", "-n", world.namespace, "--yes"
    )
    stays = [line.strip() for line in done.lines if line.startswith("  ")]
    assert (done.code, await world.objects(), world.azure.state()) == (0, [], before)
    assert world.container_group_id("mycontainer").lower() in [each.lower() for each in stays]
