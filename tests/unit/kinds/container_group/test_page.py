"""The tables of docs/container-group.md name the reasons that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aci_operator.api import reasons
from aci_operator.kinds.container_group import causes
from unit.kinds.container_group.test_preflight import CONTRADICTIONS

PAGE = (Path(__file__).parents[4] / "docs" / "container-group.md").read_text()
TABLES = ("refusals", "cautions", "states", "moods")


def named(table: str, column: int) -> set[str]:
    """Give the words in backticks of a table's column."""
    rows = PAGE.partition(f"<!-- {table} -->\n")[2].partition("\n\n")[0].splitlines()[2:]
    return {word for row in rows for word in re.findall("`(.+?)`", row.split("|")[column])}


@pytest.mark.parametrize("table", TABLES)
def test_every_reason_of_a_table_is_one(table: str) -> None:
    found = named(table, 2 if table == "states" else 1)
    assert (found - set(reasons.ALL), found != set()) == (set(), True)


def test_every_contradiction_that_is_tried_stands_in_the_table() -> None:
    assert {reason for _, reason, _ in CONTRADICTIONS} - named("refusals", 1) == set()


def test_every_cause_stands_among_the_states() -> None:
    assert set(causes._WEIGHT) - named("states", 2) == set()
