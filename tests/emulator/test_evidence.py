"""The page about evidence is current, and tells its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.coverage import covered, operations, tallies
from emulator.evidence import operations_table, page, recordings_table

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "run: make evidence"


def test_the_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print(*operations_table(), sep="\n")
    with capsys.disabled():
        print("", *recordings_table(), sep="\n")
        print("; ".join(f"{what}: {count}" for what, count in covered().items()))
    assert "GET /subscriptions/{subscription}" in capsys.readouterr().out


def test_every_request_of_a_recording_is_counted_once() -> None:
    for each in tallies():
        assert each.requests == each.reproduced + each.explained + each.out_of_scope


def test_what_was_recorded_covers_its_operation() -> None:
    shown = operations()[("PUT", "/secrets/{secret-name}")]
    assert shown[200].recordings == {"cli-keyvault-secret", "cli-keyvault-softdelete"}
