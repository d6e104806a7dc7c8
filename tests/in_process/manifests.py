"""Manifests as the tests of the cases write them."""

from __future__ import annotations

from typing import Any

from aci_operator.api.objects import API_VERSION
from in_process.cluster import JsonObject


def manifest(kind: str, name: str, **spec: Any) -> JsonObject:
    """Give an object of ours."""
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec}


def container(name: str = "app", **fields: Any) -> JsonObject:
    """Give a container that runs on."""
    requests = {"cpu": 1, "memoryInGB": 1.5}
    return {"name": name, "image": "alpine:3", "resources": {"requests": requests}, **fields}


def a_group(name: str = "it", **spec: Any) -> JsonObject:
    """Give a group with one container in `rg1`, a group of the account; None leaves a field out."""
    group = {"id": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg1"}
    whole = {"resourceGroupRef": group, "osType": "Linux", "containers": [container()], **spec}
    return manifest("ContainerGroup", name, **{k: v for k, v in whole.items() if v is not None})


def source(name: str, key: str = "value") -> JsonObject:
    """Give a `...From` that names a key of a Secret."""
    return {"secretKeyRef": {"name": name, "key": key}}
