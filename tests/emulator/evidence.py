"""`docs/evidence.md`: what the emulator's answers rest on.

Made by `python -m emulator.evidence > docs/evidence.md` (with `operator` and `tests` on the
path); a test holds it current.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from azure_emulator.knobs import KNOBS, Knob
from emulator.coverage import Shown, covered, operations, tallies
from emulator.differences import DIFFERENCES
from emulator.example import examples
from emulator.example_differences import EXAMPLE_DIFFERENCES, EXAMPLES_OUT_OF_SCOPE
from emulator.knob_tests import KNOB_TESTS
from emulator.schema_differences import SCHEMA_DIFFERENCES

_HEAD = """\
# What the emulated Azure rests on

Made by `make evidence`, held current by a test.

The emulator is held to traffic that was recorded of the real Azure, to Microsoft's published
schemas and examples, and where those are silent to documents and reports. What is open stands
below as a knob, and the operator is tested under every value of every knob.
"""
_RECORDINGS = """
## Recordings

Each recorded request is sent to a fresh emulator, in order; status, headers and the whole shape
of the answer are compared. *Reproduced*: no difference. *Explained*: each difference stands in
the list below. *Out of scope*: not sent.
"""
_OPERATIONS = """
## Operations and statuses

The statuses of success that a swagger file declares, and all that were recorded. An empty cell: no
recording shows it. *Examples* are Microsoft's published ones.
"""
_DIFFERENCES = """
## Differences from recordings
"""
_EXAMPLES = """
## Published examples

Each is sent to an Azure in which what it takes for granted exists; the answer's status and shape
are compared with the example's.
"""
_SCHEMAS = """
## Differences from schemas

Each distinct answer that the emulator's tests get is held against the swagger (2023-05-01 for
container groups) and Bicep's types (2025-09-01 for container groups, 2026-02-01 for vaults), and
each request that was accepted against the schema of its version.
"""
_KNOBS = """
## Knobs

What the sources leave open. The first value is the default. Section numbers are those of the
study of Azure's wire that the emulator was written from; [rec] is recorded traffic, [spec] a
swagger, [doc] Microsoft's documentation, [code] a client of the real service, [iss] a report of a
user, [inf] an inference.
"""


_NONE: list[tuple[Any, Shown]] = [("", Shown())]


def page() -> str:
    """Write the page."""
    lines: list[str] = [_HEAD, _RECORDINGS, *recordings_table()]
    lines += [_OPERATIONS, *_totals(), "", *operations_table()]
    lines += [_DIFFERENCES, *_difference_rows()]
    lines += [_EXAMPLES, *_example_rows()]
    lines += [_SCHEMAS, *_schema_rows()]
    lines += [_KNOBS, *_knob_rows()]
    return "\n".join(lines) + "\n"


def recordings_table() -> list[str]:
    """Write a row per recording, and the sum."""
    rows = [
        (each.recording, each.requests, each.reproduced, each.explained, each.out_of_scope)
        for each in tallies()
    ]
    sums = tuple(sum(row[place] for row in rows) for place in range(1, 5))  # type: ignore[misc]
    heads = ("recording", "requests", "reproduced", "explained", "out of scope")
    return list(_table(heads, [*rows, ("all", *sums)]))


def operations_table() -> list[str]:
    """Write a row per operation and status."""
    rows = [
        (f"{method} {template}", status, ", ".join(sorted(shown.recordings)), _count(shown))
        for (method, template), statuses in operations().items()
        for status, shown in sorted(statuses.items()) or _NONE
    ]
    return list(_table(("operation", "status", "recordings", "examples that show it"), rows))


def _count(shown: Shown) -> str:
    return str(shown.examples or "")


def _totals() -> list[str]:
    return [f"- {what}: {count}" for what, count in covered().items()]


def _difference_rows() -> Iterator[str]:
    listed = sorted(DIFFERENCES)
    rows = [(name, item, f"`{path}`", reason) for name, item, path, reason in listed]
    return _table(("recording", "item", "where", "reason"), rows)


def _example_rows() -> Iterator[str]:
    outside = len(EXAMPLES_OUT_OF_SCOPE)
    yield f"In scope: {len(examples().keys() - EXAMPLES_OUT_OF_SCOPE.keys())}; out: {outside}."
    yield ""
    pairs = sorted((reason, name) for name, reason in EXAMPLES_OUT_OF_SCOPE.items())
    grouped = [
        (", ".join(name for _, name in group), reason)
        for reason, group in groupby(pairs, key=lambda pair: pair[0])
    ]
    yield from _table(("out of scope", "reason"), grouped)
    yield ""
    rows = [(f"`{name}`", f"`{what}`", reason) for name, what, reason in EXAMPLE_DIFFERENCES]
    yield from _table(("examples", "difference (`+` we show more, `-` less)", "reason"), rows)


def _schema_rows() -> Iterator[str]:
    rows = [(f"`{where}`", f"`{what}`", reason) for where, what, reason in SCHEMA_DIFFERENCES]
    return _table(("answer", "problem", "reason"), rows)


def _knob_rows() -> Iterator[str]:
    rows = [(knob.number, knob.title, _values(knob), knob.evidence, _tests(knob)) for knob in KNOBS]
    return _table(("", "question", "settings", "evidence", "tests"), rows)


def _values(knob: Knob) -> str:
    return "<br>".join(
        "`" + ", ".join(f"{name}={json.dumps(each)}" for name, each in value.items()) + "`"
        for value in knob.values
    )


def _tests(knob: Knob) -> str:
    return "<br>".join(f"`{each}`" for each in dict.fromkeys(KNOB_TESTS[knob.number]))


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |"


if __name__ == "__main__":
    print(page(), end="")
