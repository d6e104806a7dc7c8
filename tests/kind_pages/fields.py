"""The fields of a kind as its page lists them: read from the CRD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kind_pages.changes import CHANGES, FIXED
from unit.crds import schemas

Schema = dict[str, Any]
COMMON = (
    "observedGeneration",
    "lastHandledReconcileAt",
    "accountRef",
    "subscriptionId",
    "adopted",
    "appliedTags",
    "drift",
    "driftCorrections",
)
"""Fields of status that kinds.md explains once for all kinds."""
WHOLE = (
    "granted",
    "excess",
    "accessPolicies",
    "driftCorrections",
    "principalMissing",
    "operatorAccess",
    "formerAccess",
)
"""Fields of status that are told as one."""
BY_REFERENCE = (
    ", by exactly one of name (an object of this API in the same namespace) or id (an ARM ID)"
)


class Field(NamedTuple):
    """A field's path below spec or status, and its schema."""

    path: str
    schema: Schema
    fixed: bool


def of_spec(kind: str) -> list[Field]:
    """Give the fields of a spec but `operator` and `accountRef`, which kinds.md explains.

    References and lists of words are one field.
    """
    shared = ("operator", "accountRef")
    found = _leaves(schemas.spec(kind))
    return [field for field in found if not any(_below(field.path, name) for name in shared)]


def of_status(kind: str, *, common: bool) -> list[Field]:
    """Give the fields of a status but conditions: those that all kinds share, or the others."""
    found = _leaves(schemas.status(kind))
    return [
        field
        for field in found
        if any(_below(field.path, name) for name in COMMON) == common
        and not _below(field.path, "conditions")
    ]


def meaning(field: Field) -> str:
    """Give what the CRD says of a field, for a cell of a table."""
    text = " ".join(str(field.schema.get("description", "")).split())
    text = text.replace(BY_REFERENCE, " (`name` or `id`)").replace(" Cannot be changed.", "")
    missing = [word for word in field.schema.get("enum", ()) if word not in text]
    if missing:
        text += f" One of {', '.join(f'`{word}`' for word in field.schema['enum'])}."
    return text.replace("|", "\\|")


def change(kind: str, field: Field) -> str:
    """Give what a change of a field does. Raises KeyError for one that the data lacks."""
    if field.fixed:
        return FIXED
    known = [start for start in CHANGES[kind] if field.path.startswith(start)]
    if not known:
        raise KeyError(f"{kind} {field.path}")
    return CHANGES[kind][max(known, key=len)]


def _leaves(node: Schema, path: str = "", fixed: bool = False) -> Iterator[Field]:
    for name, child in node.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        fixed_here = fixed or _fixed(child) or name == "azureName"
        below = child.get("items") or child
        mark = "[]" if "items" in child else ""
        if _is_one(here, below):
            yield Field(here, child, fixed_here)
        else:
            yield from _leaves(below, here + mark, fixed_here)


def _is_one(path: str, node: Schema) -> bool:
    names = set(node.get("properties", {}))
    if path in WHOLE:
        return True
    reference = names in ({"name", "id"}, {"id"}, {"kind", "name"}, {"secretKeyRef"})
    return not names or (reference and not path.endswith("Rules"))


def _fixed(node: Schema) -> bool:
    rules = node.get("x-kubernetes-validations", ())
    return any(re.fullmatch(r"self == oldSelf", rule["rule"]) for rule in rules)


def _below(path: str, name: str) -> bool:
    return re.match(rf"{name}($|[.\[])", path) is not None
