"""Bodies of container groups, with safe defaults."""

from __future__ import annotations

from typing import Any

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/demo"
PROVIDER = f"{GROUP}/providers/Microsoft.ContainerInstance"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
VERSION = "2025-09-01"
IMAGE = "mcr.microsoft.com/azure-cli:latest"


def a_container(name: str = "one", image: str = IMAGE, **properties: Any) -> dict[str, Any]:
    """One container that asks for one core."""
    requests = {"cpu": 1, "memoryInGB": 1.5}
    return {
        "name": name,
        "properties": {"image": image, "resources": {"requests": requests}, **properties},
    }


def a_group(*containers: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A group of the containers given, or of one."""
    return {
        "location": "westus",
        "properties": {
            "osType": "Linux",
            "containers": list(containers) or [a_container()],
            **properties,
        },
    }


def with_identity(body: dict[str, Any], kind: str, *ids: str) -> dict[str, Any]:
    """The same group with identities."""
    identity: dict[str, Any] = {"type": kind}
    if ids:
        identity["userAssignedIdentities"] = {one: {} for one in ids}
    return {**body, "identity": identity}
