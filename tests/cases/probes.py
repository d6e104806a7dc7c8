"""Grants with a probe, and what containers' shells answer to it."""

from __future__ import annotations

from typing import Any

from cases.access import AFTER, SYSTEM, a_vault, by_group
from in_process.cluster import JsonObject
from in_process.scene import Scene, a_group, manifest

IDLE, REAL = "mcr.microsoft.com/azure-cli", "alpine:3"
PROBE = {"containerGroupRef": {"name": "it"}, "container": "app", "secretName": "sample"}
READ = "curl/200/1/200/"
POLICY = "curl/200/1/403/ForbiddenByPolicy"


def allowing(scene: Scene, *, exec_: bool = True) -> JsonObject:
    """Give the scene's account, with or without the right to exec."""
    account = scene.object("AzureAccount", "account")
    assert account is not None
    return manifest("AzureAccount", "account", **{**account["spec"], "allowExec": exec_})


def looked_at(scene: Scene, **probe: Any) -> JsonObject:
    """Give a grant to the group's own identity, with a probe."""
    grant = by_group(scene)
    grant["spec"]["probe"] = {**PROBE, **probe}
    return grant


async def begun(scene: Scene, *, rbac: bool = False, after: bool = False, **group: Any) -> None:
    """Apply a group and a grant that a probe looks at; it starts at once, or `after` its access."""
    await a_vault(scene, rbac=rbac)
    spec = {"identity": SYSTEM, **({"operator": AFTER} if after else {}), **group}
    scene.apply(allowing(scene), a_group("it", **spec), looked_at(scene))


def shows(scene: Scene, *answers: str, image: str = REAL) -> None:
    """Have shells in an image's containers answer these, one after the other; the last one stays.

    What has a slash is the answer of a line, the rest is shown as it stands.
    """
    texts = [f"# aci-probe={each}=\r\n" if "/" in each else each for each in answers]
    scene.groups.exec_shows(image, *texts)


def said(scene: Scene, name: str = "reads") -> tuple[str, str]:
    """Give status and reason of the grant's AccessEffective."""
    return scene.conditions("KeyVaultAccess", name)["AccessEffective"]


def told(scene: Scene, name: str = "reads") -> str:
    """Give its words."""
    return scene.message("KeyVaultAccess", name, "AccessEffective")


def warned(scene: Scene) -> list[str]:
    """Give the reasons of the warnings of probes so far."""
    probes = ("Forbidden", "Probe", "NoToken", "Exec")
    return [r for type_, r, _ in scene.events if type_ == "Warning" and r.startswith(probes)]


def looks(scene: Scene) -> int:
    """Count the looks since the mark."""
    return len([path for method, path in scene.calls() if path.endswith("/exec")])
