"""The part of `docs/container-group.md` that is made from the table of effects.

`python -m aci_operator.kinds.container_group.changes_page docs/container-group.md` writes it there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aci_operator.kinds.container_group.effects import TABLE

START, END = "<!-- changes: made from the table -->\n", "<!-- changes end -->\n"


def section() -> str:
    """Give the Markdown table of all fields."""
    rows = [f"| `{entry.field}` | {entry.effect} | {entry.evidence} |" for entry in TABLE]
    return "\n".join(
        ["| field below `spec` | a change of it | known from |", "|---|---|---|", *rows]
    )


def written(page: str) -> str:
    """Give the page with its table made anew. Raises ValueError for a page without the marks."""
    head, _, rest = page.partition(START)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError(f"the page lacks {START.strip()} and {END.strip()}")
    return f"{head}{START}{section()}\n{END}{tail}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(written(file.read_text()))
