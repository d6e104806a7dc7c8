"""Fields that a request may write by Azure's schema, and fields of a CRD's spec, as paths.

A path goes down by dots; `{}` is a map of texts. References, and what the operator keeps apart
from Azure's fields, are no fields of Azure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import schemas
from unit.crds.schemas import spec

_DATA = Path(schemas.__file__).parent / "data"
_OWN = ("accountRef", "operator")
Node = dict[str, Any]


def of_azure(file: str, definition: str, *inside: str) -> set[str]:
    """Give the writable fields of a definition in a file of schemas; `inside` leads into it."""
    whole = json.loads((_DATA / file).read_text())
    node = whole["definitions"][definition] if definition else whole
    for name in inside:
        node = node[name]
    return set(_walk(file, node, ""))


def of_crd(kind: str) -> set[str]:
    """Give the fields of a kind's spec; what has no type of its own below is one."""
    return {path for path in _crd(spec(kind), "") if path.split(".")[0] not in _OWN}


def _walk(file: str, node: Node, path: str) -> Iterator[str]:
    file, node = _resolved(file, node)
    if node.get("readOnly"):
        return
    fields = list(_properties(file, node))
    for name, owner, inner in fields:
        yield from _walk(owner, inner, f"{path}.{name}".lstrip("."))
    if not fields:
        yield f"{path}{{}}" if node.get("additionalProperties") else path


def _properties(file: str, node: Node) -> Iterator[tuple[str, str, Node]]:
    """Give the name, the file and the schema of each property, inherited ones too."""
    for base in node.get("allOf", ()):
        yield from _properties(*_resolved(file, base))
    for name, inner in (node.get("properties") or {}).items():
        yield name, file, inner


def _resolved(file: str, node: Node) -> tuple[str, Node]:
    """Follow a reference, and of the choice between a value and a template's expression the value.

    What stands beside a reference counts too: swagger marks what is read-only there.
    """
    if "oneOf" in node:
        return _resolved(file, node["oneOf"][0])
    if "$ref" not in node:
        return file, node
    place, _, name = node["$ref"].partition("#/definitions/")
    file = place.removeprefix("./") or file
    found = json.loads((_DATA / file).read_text())["definitions"][name]
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return _resolved(file, {**found, **beside})


def _crd(node: Node, path: str) -> Iterator[str]:
    fields = node.get("properties") or {}
    for name, inner in fields.items():
        yield from _crd(inner, f"{path}.{name}".lstrip("."))
    if not fields:
        yield f"{path}{{}}" if "additionalProperties" in node else path
