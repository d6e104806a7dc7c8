"""What `aci-operator check` found: rows, their table, and the exit code. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

OK, MISSING, UNKNOWN = "ok", "missing", "unknown"
PROVIDER = "provider"
"""The check of a resource provider's registration."""
_TITLES = ("CHECK", "SCOPE", "RESULT", "WHAT TO DO")


@dataclass(frozen=True)
class Finding:
    """One row. `result` is `ok`, `missing`, or `unknown` where it could not be asked."""

    check: str
    scope: str
    result: str = OK
    todo: str = ""


def exit_code(findings: Sequence[Finding]) -> int:
    """Give 1 if anything is missing, else 2 if anything could not be asked, else 0.

    A provider's registration that could not be asked counts for nothing: the operator itself never
    asks for it, so that its role need not allow it.
    """
    results = {
        finding.result
        for finding in findings
        if (finding.check, finding.result) != (PROVIDER, UNKNOWN)
    }
    return 1 if MISSING in results else 2 if UNKNOWN in results else 0


def as_table(findings: Sequence[Finding]) -> str:
    """Write the rows under titles, in columns."""
    rows = [_TITLES, *((each.check, each.scope, each.result, each.todo) for each in findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_TITLES))]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(padded)


def as_json(findings: Sequence[Finding]) -> str:
    """Write a list of `{check, scope, result, todo}`."""
    return json.dumps([asdict(each) for each in findings], indent=2)
