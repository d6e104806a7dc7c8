"""Answers held against the types that Bicep has of a resource: newer than any swagger here.

Their flags say what a member is: 1 required in a request, 2 read-only, 4 write-only. An answer
may lack members, but holds none that is not declared, none that is write-only and no value of a
type that is marked sensitive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data")
_FILES = {
    ("microsoft.containerinstance/containergroups", "2025-09-01"): (
        "biceptypes-containerinstance-2025-09-01.json"
    ),
    ("microsoft.keyvault/vaults", "2026-02-01"): "biceptypes-keyvault-2026-02-01.json",
}
READ_ONLY, WRITE_ONLY = 2, 4
_UNDECLARED = frozenset(
    {"provisioningTimeoutInSeconds", "isCustomProvisioningTimeout", "isCreatedFromStandbyPool"}
)
"""Answered by the service without being declared anywhere (azure.md section 4, recorded)."""
_LITERALS = {"StringType": str, "IntegerType": int, "BooleanType": bool}


@cache
def _types(file: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((_DATA / file).read_text())
    return loaded


def validate_resource(kind: str, api_version: str, body: Any) -> list[str] | None:
    """Give the problems of a resource's body in an answer; None if Bicep's types do not know the
    kind (`Microsoft.X/things`) in that version here."""
    found = _resource(kind, api_version)
    if found is None:
        return None
    types, reference = found
    return list(_problems(types, reference, body, "$"))


def read_only_members(kind: str, api_version: str) -> frozenset[str]:
    """List the members of `properties` that a request must not hold."""
    found = _resource(kind, api_version)
    if found is None:
        raise KeyError(kind)
    types, reference = found
    body = types[_index(reference)]
    properties = types[_index(body["properties"]["properties"]["type"])]
    return frozenset(
        name for name, member in properties["properties"].items() if member["flags"] & READ_ONLY
    )


def _resource(kind: str, api_version: str) -> tuple[list[dict[str, Any]], Any] | None:
    file = _FILES.get((kind.lower(), api_version))
    if file is None:
        return None
    types = _types(file)
    wanted = f"{kind}@{api_version}".lower()
    return next(
        (types, each["body"])
        for each in types
        if each["$type"] == "ResourceType" and each["name"].lower() == wanted
    )


def _index(reference: Mapping[str, str]) -> int:
    return int(reference["$ref"].removeprefix("#/"))


def _problems(
    types: list[dict[str, Any]], reference: Mapping[str, str], value: Any, path: str
) -> Iterator[str]:
    kind = types[_index(reference)]
    if kind.get("sensitive") and value is not None:
        yield f"{path}: a sensitive value is shown"
    elif kind["$type"] == "ObjectType":
        yield from _object_problems(types, kind, value, path)
    elif kind["$type"] == "ArrayType":
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        for place, each in enumerate(value):
            yield from _problems(types, kind["itemType"], each, f"{path}[{place}]")
    elif not _fits(types, kind, value):
        yield f"{path}: {value!r} is not of the declared kind"


def _object_problems(
    types: list[dict[str, Any]], kind: Mapping[str, Any], value: Any, path: str
) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no object"
        return
    for name, each in value.items():
        member = kind["properties"].get(name)
        at = f"{path}.{name}"
        if member is not None and member["flags"] & WRITE_ONLY:
            yield f"{at}: a write-only member is shown"
        elif member is not None:
            yield from _problems(types, member["type"], each, at)
        elif "additionalProperties" in kind:
            yield from _problems(types, kind["additionalProperties"], each, at)
        elif name not in _UNDECLARED:
            yield f"{at}: is not declared"


def _fits(types: list[dict[str, Any]], kind: Mapping[str, Any], value: Any) -> bool:
    if kind["$type"] == "AnyType":
        return True
    if kind["$type"] == "StringLiteralType":
        return bool(value == kind["value"])
    if kind["$type"] == "UnionType":
        return any(_fits(types, types[_index(element)], value) for element in kind["elements"])
    if kind["$type"] == "IntegerType":  # also where the service answers decimals (cpu)
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, _LITERALS[kind["$type"]])
