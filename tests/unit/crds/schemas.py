"""The CRDs as files, and a walk over every field of their schemas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from aci_operator.api.kinds import ACCOUNTS

FOLDER = Path(__file__).parents[3] / "crds"
Schema = dict[str, Any]


def load() -> dict[str, Schema]:
    """Give every CRD by kind."""
    parsed = [yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yaml"))]
    return {crd["spec"]["names"]["kind"]: crd for crd in parsed}


CRDS = load()
AZURE_KINDS = sorted(set(CRDS) - set(ACCOUNTS))


def version(kind: str) -> Schema:
    (only,) = CRDS[kind]["spec"]["versions"]
    return dict(only)


def schema(kind: str) -> Schema:
    return dict(version(kind)["schema"]["openAPIV3Schema"])


def spec(kind: str) -> Schema:
    return dict(schema(kind)["properties"]["spec"])


def status(kind: str) -> Schema:
    return dict(schema(kind)["properties"]["status"])


def walk(node: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Give every node of a schema with its path, children after parents."""
    yield path or ".", node
    for name, child in node.get("properties", {}).items():
        yield from walk(child, f"{path}.{name}")
    if "items" in node:
        yield from walk(node["items"], f"{path}[]")
    if isinstance(node.get("additionalProperties"), dict):
        yield from walk(node["additionalProperties"], f"{path}{{}}")


def fields(kind: str) -> list[tuple[str, Schema]]:
    """Give every node but Kubernetes' own, which the API server fixes itself."""
    own = (".apiVersion", ".kind", ".metadata")
    return [(path, node) for path, node in walk(schema(kind)) if path not in own]
