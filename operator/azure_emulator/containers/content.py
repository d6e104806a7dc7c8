"""Is a body one that ACI can read? Unknown, missing and wrongly typed members are refused."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure_emulator.containers.members import SHAPES, Member
from azure_emulator.errors import AzureError

DEEPEST = 64
"""Levels of a body that are read; the deserializer's usual limit, Azure's own is not known."""
ROOT = "ContainerGroupDefinition"


@dataclass(frozen=True)
class _Spot:
    """Where in the body we are, and for which api-version we read."""

    body: Any
    api_version: str
    path: str = ""

    def at(self, name: str) -> _Spot:
        return _Spot(self.body, self.api_version, f"{self.path}.{name}" if self.path else name)

    def item(self, number: int) -> _Spot:
        return _Spot(self.body, self.api_version, f"{self.path}[{number}]")


def check(body: Any, api_version: str) -> None:
    """Refuse what the service's deserializer refuses.

    Raises AzureError 400 `InvalidRequestContent` (texts: azure.md sections 2 and 7.1; that of a
    value of the wrong type is made up after the same pattern). The text names members and never
    holds a value.
    """
    if _depth(body) > DEEPEST:
        raise refusal("The reader's MaxDepth has been exceeded.", "", {})
    _shape(body, ROOT, _Spot(body, api_version))


def check_exec(body: Any, api_version: str) -> None:
    """Refuse what is no request to exec (swagger: ContainerExecRequest); raises as `check`."""
    _shape(body, "ContainerExecRequest", _Spot(body, api_version))


def _depth(body: Any) -> int:
    level, depth = [body], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return depth


def check_tags(tags: Any, body: Any) -> None:
    """Refuse tags that are not a map of strings; raises as `check` does."""
    _map(tags, "string", _Spot(body, "", "tags"))


def refusal(reason: str, path: str, body: Any, member: str = "") -> AzureError:
    """Make the error of a body that cannot be read, for a member at a path."""
    position = json.dumps(body, separators=(",", ":")).find(f'"{member}":') if member else 0
    return AzureError(
        400,
        "InvalidRequestContent",
        "The request content was invalid and could not be deserialized: "
        f"'{reason} Path '{path}', line 1, position {max(position, 0) + len(member) + 3}.'.",
    )


def _shape(value: Any, shape: str, spot: _Spot) -> None:
    members = SHAPES[shape]
    if not isinstance(value, Mapping):
        raise refusal(f"Error converting value to type '{shape}'.", spot.path, spot.body)
    for name, inner in value.items():
        member = members.get(name)
        here = spot.at(name)
        if member is None or not member.known_in(spot.api_version):
            reason = f"Could not find member '{name}' on object of type '{shape}'."
            raise refusal(reason, here.path, spot.body, name)
        if inner is not None:
            _value(inner, member.kind, here)
    _required(value, members, spot)


def _required(value: Mapping[str, Any], members: Mapping[str, Member], spot: _Spot) -> None:
    for name, member in members.items():
        if member.required and value.get(name) is None:
            reason = f"Required property '{name}' not found in JSON."
            raise refusal(reason, spot.path, spot.body)


def _value(value: Any, kind: str, spot: _Spot) -> None:
    if kind.startswith("["):
        _list(value, kind[1:-1], spot)
    elif kind.startswith("{"):
        _map(value, kind[1:-1], spot)
    elif kind in SHAPES:
        _shape(value, kind, spot)
    elif not _fits(value, kind):
        raise refusal(f"Error converting value to type '{kind}'.", spot.path, spot.body)


def _list(value: Any, kind: str, spot: _Spot) -> None:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise refusal("Error converting value to a list.", spot.path, spot.body)
    for number, inner in enumerate(value):
        _value(inner, kind, spot.item(number))


def _map(value: Any, kind: str, spot: _Spot) -> None:
    if not isinstance(value, Mapping):
        raise refusal("Error converting value to an object.", spot.path, spot.body)
    for name, inner in value.items():
        if inner is not None:
            _value(inner, kind, spot.at(f"['{name}']"))


def _fits(value: Any, kind: str) -> bool:
    if kind == "any":
        return True
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        return is_number(value, whole=kind == "integer")
    if not isinstance(value, str):
        return False
    return "|" not in kind or value.lower() in kind.lower().split("|")


def is_number(value: Any, *, whole: bool = False) -> bool:
    """Tell whether a value is a number or spells one.

    Templates send `"cpu": "1.0"` and `"port": "80"`, as Microsoft's article does, and the
    service takes them.
    """
    if isinstance(value, bool):
        return False
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    return number.is_integer() if whole else math.isfinite(number)
