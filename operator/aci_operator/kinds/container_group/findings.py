"""What a look at a spec finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Spec = Mapping[str, Any]


class Finding(NamedTuple):
    """One contradiction, or one caution."""

    reason: str
    field: str
    """As a user knows it: `spec.volumes[files]`."""
    text: str
    """Why, and the way out."""


def named(spec: Spec, section: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Give the entries of a list of named things, each with its path."""
    return [(f"spec.{section}[{each['name']}]", each) for each in spec.get(section) or ()]


def all_containers(spec: Spec) -> list[tuple[str, Mapping[str, Any]]]:
    """Give containers and init containers, each with its path."""
    return [*named(spec, "containers"), *named(spec, "initContainers")]
