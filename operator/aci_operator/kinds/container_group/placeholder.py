"""A group of the same shape that does nothing: it has the principal before the real one starts.

Names, resources, ports, restart policy, address and identities are the real group's. Volumes are
declared and not mounted, those that would need a secret left out; nothing of the user's runs, no
probe, no init container's command, and no value of a Secret is sent (design 3.6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aci_operator.kinds.container_group.apply import Target

KEPT = (
    "osType",
    "restartPolicy",
    "sku",
    "priority",
    "ipAddress",
    "dnsConfig",
    "subnetIds",
    "encryptionProperties",
    "identityAcls",
)
"""Properties that Azure does not change on a living group, or that hold no secret."""
SECRETIVE = ("azureFile", "secretReference", "gitRepo")
"""Volumes that are read with a key, or before the process starts."""
QUICK = ["true"]


def target(real: Target, image: str, command: Sequence[str]) -> Target:
    """Give the placeholder of a target; without a hash, so that the real one is an edit."""
    return Target(real.arm_id, body(real.body, image, command), "", {})


def body(real: Mapping[str, Any], image: str, command: Sequence[str]) -> dict[str, Any]:
    """Give the body without tags. Pure."""
    asked: Mapping[str, Any] = real["properties"]
    properties = {name: asked[name] for name in KEPT if name in asked}
    properties["containers"] = [_idle(each, image, command) for each in asked["containers"]]
    if asked.get("initContainers"):
        early = [{"name": each["name"]} for each in asked["initContainers"]]
        properties["initContainers"] = [
            {**each, "properties": {"image": image, "command": QUICK}} for each in early
        ]
    volumes = [_empty(each) for each in asked.get("volumes") or () if not _secretive(each)]
    if volumes:
        properties["volumes"] = volumes
    outer = {name: value for name, value in real.items() if name != "properties"}
    return {**outer, "properties": properties}


def _idle(container: Mapping[str, Any], image: str, command: Sequence[str]) -> dict[str, Any]:
    real = container["properties"]
    kept = {name: real[name] for name in ("resources", "ports") if name in real}
    return {
        "name": container["name"],
        "properties": {"image": image, "command": list(command), **kept},
    }


def _secretive(volume: Mapping[str, Any]) -> bool:
    return any(name in volume for name in SECRETIVE)


def _empty(volume: Mapping[str, Any]) -> dict[str, Any]:
    """Give a secret volume with its files' names and nothing in them."""
    if "secret" in volume:
        return {**volume, "secret": dict.fromkeys(volume["secret"], "")}
    return dict(volume)
