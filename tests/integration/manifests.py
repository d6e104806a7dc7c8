"""Objects of ours as a test writes them: short, and by the rules of the CRDs."""

from __future__ import annotations

import base64
import json
from typing import Any

import yaml

from integration.world import World

Manifest = dict[str, Any]

CONTAINER: Manifest = {
    "name": "main",
    "image": "mcr.microsoft.com/azure-cli",
    "command": ["tail", "-f", "/dev/null"],
    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
}


async def sample_objects(world: World, *samples: str) -> list[Manifest]:
    """Give the objects of samples, each once, in kustomize's order."""
    found: dict[str, Manifest] = {}
    for sample in samples:
        built = await world.kubectl("kustomize", str(world.folder / sample))
        found.update({target(item): item for item in yaml.safe_load_all(built)})
    return list(found.values())


def manifest(kind: str, name: str, *, operator: Manifest | None = None, **spec: Any) -> Manifest:
    """Give an object of ours; `operator` is `spec.operator`."""
    policies = {} if operator is None else {"operator": operator}
    return {
        "apiVersion": "aci-operator.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": {**spec, **policies},
    }


def container_group(name: str, **spec: Any) -> Manifest:
    """Give a container group in the resource group `my-rg` with one container that runs on."""
    whole = {"resourceGroupRef": {"name": "my-rg"}, "osType": "Linux", "containers": [CONTAINER]}
    return manifest("ContainerGroup", name, **{**whole, **spec})


def secret(name: str, **data: str | bytes) -> Manifest:
    """Give a Secret."""
    raw = {key: v if isinstance(v, bytes) else v.encode() for key, v in data.items()}
    encoded = {key: base64.b64encode(value).decode() for key, value in raw.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": encoded}


def source(name: str, key: str = "value") -> Manifest:
    """Give a `...From` that names a key of a Secret."""
    return {"secretKeyRef": {"name": name, "key": key}}


def target(item: Manifest) -> str:
    """Name an object as kubectl takes it."""
    return f"{item['kind'].lower()}/{item['metadata']['name']}"


def text(*items: Manifest) -> str:
    """Give manifests as kubectl takes them."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)})
