"""The parts of pages that are made from the CRDs, the rooms and the command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aci_operator import rules
from aci_operator.api.kinds import KINDS
from kind_pages import fields, settings
from unit.crds import schemas

DOCS = Path(__file__).parents[2] / "docs"
ALL = "All"
"""Stands for the page of what the kinds have in common."""
END = "<!-- end of what is made from the CRD -->\n"


def page_of(kind: str) -> Path:
    """Give a kind's page: its name with hyphens."""
    return DOCS / f"{re.sub('(?<=[a-z])(?=[A-Z])', '-', kind).lower()}.md"


FILES: Mapping[str, Path] = {
    ALL: DOCS / "kinds.md",
    "Settings": DOCS / "operations.md",
    **{kind: page_of(kind) for kind in KINDS},
}


def spec_table(kind: str) -> str:
    """Give the table of a spec's fields."""
    rows = [
        f"| `{field.path}` | {fields.meaning(field)} | {fields.change(kind, field)} |"
        for field in fields.of_spec(kind)
    ]
    return _table("field below `spec` | what it is | a change", rows)


def status_table(kind: str) -> str:
    """Give the columns of `kubectl get` and the table of a status's own fields."""
    rows = [
        f"| `{field.path}` | {fields.meaning(field)} |"
        for field in fields.of_status(kind, common=False)
    ]
    return f"{_columns(kind)}\n\n{_table('field below `status` | what it says', rows)}"


def common_table(_: str) -> str:
    """Give the table of what every status holds."""
    rows = [
        f"| `{field.path}` | {fields.meaning(field)} |"
        for field in fields.of_status("ContainerGroup", common=True)
    ]
    return _table("field below `status` | what it says", rows)


def compared_table(_: str) -> str:
    """Give the table of the paths that each kind compares with Azure."""
    rows = [
        f"| {kind} | {', '.join(f'`{path}`' for path in room.compared)} |"
        for kind, room in rules.ROOMS.items()
        if room.compared
    ]
    return _table("kind | paths below `spec` that are compared", rows)


def settings_table(_: str) -> str:
    """Give the table of the operator's settings."""
    return _table("option | variable | default | meaning", settings.rows())


PARTS: Mapping[str, Callable[[str], str]] = {
    "<!-- spec: made from the CRD -->\n": spec_table,
    "<!-- status: made from the CRD -->\n": status_table,
    "<!-- common status: made from the CRD -->\n": common_table,
    "<!-- compared: made from the rooms -->\n": compared_table,
    "<!-- settings: made from the command -->\n": settings_table,
}
"""ContainerGroup's spec has a table of its own, so not every page has each part."""


def written(kind: str, page: str) -> str:
    """Give the page with its parts made anew. Raises ValueError for a part without an end."""
    for start, part in PARTS.items():
        head, found, rest = page.partition(start)
        if not found:
            continue
        _, end, tail = rest.partition(END)
        if not end:
            raise ValueError(f"the page of {kind} lacks {END.strip()} after {start.strip()}")
        page = f"{head}{start}{part(kind)}{end}{tail}"
    return page


def _columns(kind: str) -> str:
    columns: list[dict[str, Any]] = schemas.version(kind)["additionalPrinterColumns"]
    seen = ", ".join(column["name"] for column in columns if not column.get("priority"))
    more = ", ".join(column["name"] for column in columns if column.get("priority"))
    wide = f"; `-o wide` also {more}" if more else ""
    return f"`kubectl get {KINDS[kind].short_name}` shows {seen}{wide}."


def _table(head: str, rows: list[str]) -> str:
    line = "|".join("---" for _ in head.split(" | "))
    return "\n".join([f"| {head} |", f"|{line}|", *rows]) + "\n"
