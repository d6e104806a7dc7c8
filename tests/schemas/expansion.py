"""Schemas made self-contained and strict, so that a plain JSON Schema validator can use them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

Side = Literal["request", "response"]

_DATA = Path(__file__).with_name("data")
_KEPT = ("type", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum")
_KEPT_LISTS = ("minItems", "maxItems")
_EXPRESSION = "common/definitions.json#/definitions/expression"


@cache
def document(name: str) -> dict[str, Any]:
    """Read one file of `data/`."""
    loaded: dict[str, Any] = json.loads((_DATA / name).read_text())
    return loaded


class Expander:
    """Follows references, merges `allOf`, and closes objects: what is not declared is refused.

    In a request, read-only members count as not declared. Template expressions, which the ARM
    schemas allow everywhere, are taken out: a request never holds one. So nothing outside
    `data/` is ever needed.
    """

    def __init__(self, side: Side) -> None:
        self._side = side

    def expand(self, schema: dict[str, Any], file: str) -> dict[str, Any]:
        """Give the strict form of a schema of one file."""
        return self._expand(schema, file, ())

    def _expand(self, schema: dict[str, Any], file: str, trail: tuple[str, ...]) -> dict[str, Any]:
        if "$ref" in schema:
            target_file, target, key = _resolve(schema["$ref"], file)
            if key in trail:
                return {}  # a type within itself (only error details are): not looked into
            return self._expand(target, target_file, (*trail, key))
        if "oneOf" in schema:
            return self._one_of(schema["oneOf"], file, trail)
        strict = {key: schema[key] for key in (*_KEPT, *_KEPT_LISTS) if key in schema}
        if "items" in schema:
            strict["items"] = self._expand(schema["items"], file, trail)
        properties, required = self._members(schema, file, trail)
        if properties:
            strict.update(type="object", properties=properties, additionalProperties=False)
            strict["required"] = sorted(required)
        elif isinstance(schema.get("additionalProperties"), dict):
            strict["additionalProperties"] = self._expand(
                schema["additionalProperties"], file, trail
            )
        if not strict.get("required", True):
            del strict["required"]
        return strict

    def _one_of(
        self, choices: list[dict[str, Any]], file: str, trail: tuple[str, ...]
    ) -> dict[str, Any]:
        real = [one for one in choices if not one.get("$ref", "").endswith(_EXPRESSION)]
        if len(real) == 1:
            return self._expand(real[0], file, trail)
        return {"anyOf": [self._expand(one, file, trail) for one in real]}

    def _members(
        self, schema: dict[str, Any], file: str, trail: tuple[str, ...]
    ) -> tuple[dict[str, Any], set[str]]:
        properties: dict[str, Any] = {}
        required = set(schema.get("required", ()))
        for part in schema.get("allOf", ()):
            target_file, target, key = _resolve(part["$ref"], file)
            inherited, needed = self._members(target, target_file, (*trail, key))
            properties.update(inherited)
            required |= needed
        for name, inner in schema.get("properties", {}).items():
            if self._side == "request" and inner.get("readOnly"):
                required.discard(name)
                continue
            properties[name] = self._expand(inner, file, trail)
        return properties, required


def _resolve(reference: str, file: str) -> tuple[str, dict[str, Any], str]:
    """Give the file, the schema and the absolute name behind a reference."""
    other, _, pointer = reference.partition("#")
    target_file = other.removeprefix("./") or file
    found: Any = document(target_file)
    for segment in pointer.strip("/").split("/"):
        found = found[segment.replace("~1", "/").replace("~0", "~")]
    return target_file, found, f"{target_file}#{pointer}"


def parameter(entry: dict[str, Any], file: str) -> tuple[dict[str, Any], str]:
    """Give a swagger parameter, followed if it is a reference, and its file."""
    if "$ref" not in entry:
        return entry, file
    target_file, target, _ = _resolve(entry["$ref"], file)
    return target, target_file
