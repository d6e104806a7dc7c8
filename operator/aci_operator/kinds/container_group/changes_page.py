"""The parts of `docs/container-group.md` that are made from tables.

`python -m aci_operator.kinds.container_group.changes_page docs/container-group.md` writes it there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from aci_operator.kinds.container_group.effects import TABLE
from aci_operator.kinds.container_group.normal_rules import RULES

END = "<!-- end of what is made from a table -->\n"


def changes() -> str:
    """Give the Markdown table of what a change of each field does."""
    rows = [f"| `{entry.field}` | {entry.effect} | {entry.evidence} |" for entry in TABLE]
    return _table("field below `spec` | a change of it | known from", rows)


def no_drift() -> str:
    """Give the Markdown table of what is no difference."""
    rows = [f"| `{rule.field.lstrip('/')}` | {rule.means} | {rule.evidence} |" for rule in RULES]
    return _table(
        "field of Azure's body | what is no drift | known from", list(dict.fromkeys(rows))
    )


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([f"| {head} |", "|---|---|---|", *rows]) + "\n"


PARTS: Mapping[str, Callable[[], str]] = {
    "<!-- changes: made from a table -->\n": changes,
    "<!-- no drift: made from a table -->\n": no_drift,
}


def written(page: str) -> str:
    """Give the page with its tables made anew. Raises ValueError for a page without the marks."""
    for start, part in PARTS.items():
        head, _, rest = page.partition(start)
        _, end, tail = rest.partition(END)
        if not end:
            raise ValueError(f"the page lacks {start.strip()} and {END.strip()}")
        page = f"{head}{start}{part()}{end}{tail}"
    return page


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(written(file.read_text()))
