"""The fields of a spec that this release knows, and which of them an API server lacks. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def known() -> Mapping[str, list[str]]:
    """Give the paths of every kind's spec, from the CRDs of this release; a test compares."""
    text = resources.files(__package__).joinpath("fields.json").read_text()
    found: dict[str, list[str]] = json.loads(text)
    return found


def paths(spec: Mapping[str, Any], path: str = "spec") -> Iterator[str]:
    """List the paths of a schema's properties, such as `spec.containers[].name`."""
    for name, child in (spec.get("properties") or {}).items():
        yield f"{path}.{name}"
        yield from paths(child, f"{path}.{name}")
    if isinstance(spec.get("items"), Mapping):
        yield from paths(spec["items"], f"{path}[]")
    if isinstance(spec.get("additionalProperties"), Mapping):
        yield from paths(spec["additionalProperties"], f"{path}{{}}")


def served(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Give the paths of every kind in an OpenAPI v3 document of the API server."""
    found: dict[str, set[str]] = {}
    for schema in ((document.get("components") or {}).get("schemas") or {}).values():
        spec = (schema.get("properties") or {}).get("spec")
        for each in schema.get("x-kubernetes-group-version-kind") or ():
            if spec is not None:
                found[each["kind"]] = set(paths(spec))
    return found


def lacking(kind: str, there: set[str]) -> list[str]:
    """List what the API server would drop, without what lies below a field that it lacks."""
    missing = [path for path in known()[kind] if path not in there]
    return [
        path
        for path in missing
        if not any(path.startswith((f"{m}.", f"{m}[", f"{m}{{")) for m in missing)
    ]
