"""The schemas of our kinds' specs, read from the CRDs: they say which fields there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]

_PACKAGED = Path(__file__).parents[1] / "crds"
_SOURCE = Path(__file__).parents[3] / "crds"


@cache
def specs() -> Mapping[str, Schema]:
    """Give the schema of `spec` by kind, for the kinds that stand for something in Azure."""
    folder = _PACKAGED if _PACKAGED.is_dir() else _SOURCE
    found: dict[str, Schema] = {}
    for path in sorted(folder.glob("*.yaml")):
        crd = yaml.safe_load(path.read_text(encoding="utf-8"))
        (version,) = crd["spec"]["versions"]
        schema = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
        found[crd["spec"]["names"]["kind"]] = schema
    return found


def spec(kind: str) -> Schema:
    """Give the schema of one kind's `spec`."""
    return specs()[kind]


def is_source(schema: Schema) -> bool:
    """Say whether a field takes its value from a Secret: `...From: {secretKeyRef}`."""
    return "secretKeyRef" in schema.get("properties", {})


def is_reference(schema: Schema) -> bool:
    """Say whether a field is a reference: `{name}` or `{id}`."""
    return set(schema.get("properties", {})) == {"name", "id"}


def is_files(schema: Schema) -> bool:
    """Say whether a field is a map whose values come from Secrets: the files of a volume."""
    inner = schema.get("additionalProperties")
    return isinstance(inner, Mapping) and is_source(inner)
