"""The structural half of a CRD, as the API server holds objects to it; CEL rules are left out.

The tests against the real API server look at the rules; here it is enough that a test cannot
write what no user could, and that defaults are there.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from aci_operator.api.kinds import KINDS

_FOLDER = Path(__file__).parents[2] / "crds"
_FREE = "x-kubernetes-preserve-unknown-fields"


class Invalid(AssertionError):
    """What the API server would not take: the path and why."""


def admitted(kind: str, part: str, value: Any) -> Any:
    """Give `spec` or `status` of an object with the schema's defaults. Raises Invalid."""
    whole = copy.deepcopy(value)
    schema = _schema(kind)["properties"][part]
    _fill(schema, whole)
    for error in _validator(kind, part).iter_errors(whole):
        raise Invalid(f"{kind}: {part}{error.json_path[1:]}: {error.message}")
    return whole


def default(kind: str, part: str) -> Any:
    """Give the default of a whole part; an empty one where there is none."""
    return copy.deepcopy(_schema(kind)["properties"].get(part, {}).get("default", {}))


@cache
def _schema(kind: str) -> dict[str, Any]:
    crd = yaml.safe_load((_FOLDER / f"{KINDS[kind].plural}.yaml").read_text())
    (version,) = crd["spec"]["versions"]
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    return schema


@cache
def _validator(kind: str, part: str) -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(_closed(_schema(kind)["properties"][part]))


def _closed(node: Any) -> Any:
    """Refuse fields that the schema does not name, as a strict field validation does."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(value) for name, value in node.items() if name != "default"}
    if isinstance(node.get("properties"), dict) and not node.get(_FREE):
        closed.setdefault("additionalProperties", False)
    return closed


def _fill(schema: dict[str, Any], value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _fill(schema.get("items", {}), item)
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        for name, child in known.items():
            if "default" in child:
                value.setdefault(name, copy.deepcopy(child["default"]))
        others = schema.get("additionalProperties")
        for name, inner in value.items():
            _fill(known.get(name) or (others if isinstance(others, dict) else {}), inner)
