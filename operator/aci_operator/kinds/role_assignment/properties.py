"""The assignment's body, its owner's mark, and where Azure differs from the spec. Pure.

Assignments have no tags: the owner's mark is the beginning of the description, before `: `.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aci_operator.reconcile.assignments import Same, description
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.ownership import OWNER_TAG

Paths = tuple[str, ...]
FIELDS = ("description", "condition", "conditionVersion")
"""What Azure changes by a PUT over what is there (azure.md section 7.3)."""

_MARK = re.compile(r"([^\s/:]+/[^\s/:]+/[^\s/:]+)(?:: (.*))?", re.DOTALL)


def body_of(same: Same, principal_type: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the properties to send; `values` are those of `FIELDS`, the mark included."""
    made = {
        "roleDefinitionId": same.role_id,
        "principalId": same.principal_id,
        "principalType": principal_type,
    }
    return made | {name: values[name] for name in FIELDS if values.get(name)}


def tagged(assignment: Body) -> Body:
    """Show the mark as the tag that other resources have."""
    mark, _ = split(description(assignment))
    return {**assignment, "tags": {OWNER_TAG: mark} if mark else {}}


def split(text: str) -> tuple[str, str]:
    """Take a description apart: the owner's mark (empty if it has none), and the words."""
    found = _MARK.fullmatch(text)
    return (found[1], found[2] or "") if found else ("", text)


def joined(mark: str, words: str) -> str:
    """Put a description together."""
    return f"{mark}: {words}" if words else mark


def differences(spec: Mapping[str, Any], assignment: Body) -> Paths:
    """List the paths of the spec that Azure's assignment does not have."""
    seen = {**assignment["properties"], "description": split(description(assignment))[1]}
    return tuple(f"spec.{n}" for n in FIELDS if (seen.get(n) or "") != (spec.get(n) or ""))


def changed(spec: Mapping[str, Any], assignment: Body, paths: Paths, mark: str) -> dict[str, Any]:
    """Give the values of `FIELDS` to send: the spec's in these paths, else what is there."""
    seen = {**assignment["properties"], "description": split(description(assignment))[1]}
    values = {n: spec.get(n) if f"spec.{n}" in paths else seen.get(n) for n in FIELDS}
    return {**values, "description": joined(mark, values["description"] or "")}
