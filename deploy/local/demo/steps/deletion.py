"""All is deleted at once, and Azure is empty but for what policy retains."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from demo.cluster import NAMESPACE
from demo.expectation import expect
from demo.scene import Scene

_RETAINED = {
    "resourceGroups": "a ResourceGroup is retained unless deletionPolicy says Delete: it may hold"
    " what is not ours",
    "vaults": "a KeyVault is retained unless deletionPolicy says Delete: secrets are hard to get"
    " back",
    "deletedSecrets": "the secret is deleted; for a while its vault can still recover it",
}


def delete(scene: Scene) -> None:
    """The namespace goes with everything in it, the credential included; then the operator."""
    narrator, cluster = scene.narrator, scene.cluster
    narrator.step("The namespace is deleted with everything in it, the credential included")
    written = len(scene.azure.writes())
    cluster.show_anywhere("delete", "namespace", NAMESPACE, "--timeout=90s")
    left = cluster.show_anywhere("get", "aci", "--all-namespaces")
    expect("objects left", "", left)
    deletes = [str(call) for call in scene.azure.writes()[written:]]
    narrator.output("\n".join(f"1 x {call}" for call in deletes))
    narrator.remark(f"{len(deletes)} writes to Azure for that")
    narrator.step("Azure holds nothing but what policy retains")
    _tell_retained(scene, new_since(scene.held_before, scene.azure.state()))
    narrator.step("The operator is told to end, as Kubernetes does it")
    expect("the operator's exit code", 0, asyncio.run(scene.operator.stop()))
    narrator.remark("it ended with exit code 0")


def new_since(
    before: Mapping[str, list[str]], now: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """Give what is held now and was not before, by section; sections without any are left out."""
    new = {name: [i for i in ids if i not in before.get(name, [])] for name, ids in now.items()}
    return {name: ids for name, ids in new.items() if ids}


def _tell_retained(scene: Scene, held: Mapping[str, list[str]]) -> None:
    for section, ids in held.items():
        scene.narrator.output(f"{section}: {', '.join(ids)}")
        scene.narrator.remark(_RETAINED.get(section, "not expected"))
    counts = {section: len(ids) for section, ids in held.items()}
    expect("what Azure holds", dict.fromkeys(_RETAINED, 1), counts)
    own = [scene.azure.ready["objectId"]]
    expect("who has a policy on the vault", own, scene.azure.policy_holders("mykeyvault"))
    scene.narrator.remark("the only access policy left on the vault is the operator's own")
