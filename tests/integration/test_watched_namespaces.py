"""The operator for one namespace alone, with Roles in place of the ClusterRole."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from control_plane import ControlPlane
from control_plane.errors import KubectlError
from integration.world import PACE, World, open_world
from stage.install import ROOT, install

WATCHED, OTHER = "watched-team", "unwatched-team"
SYSTEM = "aci-operator-watched"
EXAMPLES = ("example-1-user-assigned", "example-2-system-assigned")


@pytest.fixture(scope="module")
def kubeconfig(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Install `deploy/kustomize/namespaced` beside the operator that all other tests use."""
    folder = tmp_path_factory.mktemp("namespaced")
    for name in ("deploy/kustomize", "crds"):
        shutil.copytree(ROOT / name, folder / name)
    for path in (folder / "deploy/kustomize").rglob("*"):
        if path.is_file():
            path.write_text(renamed(path.read_text()))
    control_plane.run_kubectl("create", "namespace", WATCHED)
    return install(control_plane, folder / "deploy/kustomize/namespaced", SYSTEM)


def renamed(manifest: str) -> str:
    names = {"team-a": WATCHED, "aci-operator-system": SYSTEM, "aci-operator-cluster-id": SYSTEM}
    for old, new in names.items():
        manifest = manifest.replace(f": {old}\n", f": {new}\n")
    return manifest


@pytest.fixture
async def world(
    control_plane: ControlPlane, kubeconfig: Path, tmp_path: Path
) -> AsyncIterator[World]:
    options = (*PACE, "--namespace", SYSTEM, "--watch-namespaces", WATCHED)
    async with open_world(control_plane, kubeconfig, WATCHED, tmp_path, pace=options) as it:
        yield it


def test_the_account_may_not_list_the_whole_cluster(
    control_plane: ControlPlane, kubeconfig: Path
) -> None:
    with pytest.raises(KubectlError, match=r"cannot list resource .* at the cluster scope"):
        control_plane.run_kubectl("get", "containergroups", "-A", kubeconfig=kubeconfig)


async def test_both_examples_run_in_the_watched_namespace_and_nothing_happens_in_another(
    world: World, control_plane: ControlPlane
) -> None:
    await control_plane.kubectl_async("create", "namespace", OTHER)
    other = replace(world, namespace=OTHER)
    await other.apply_samples(*EXAMPLES)
    await world.apply_samples(*EXAMPLES)
    await world.until_ready()
    await world.kubectl("delete", "aci", "--all", "--timeout=60s")
    untouched = [
        (item["metadata"].get("finalizers"), item["status"]) for item in await other.objects()
    ]
    await other.delete_namespace()
    assert untouched == [(None, {"observedGeneration": -1})] * len(untouched)
