"""The page about grants says what the tables say."""

from __future__ import annotations

from pathlib import Path

from aci_operator.kinds.key_vault_access.roles_page import written

PAGE = Path(__file__).parents[4] / "docs" / "grants.md"


def test_the_tables_of_the_page_are_current() -> None:
    assert written(PAGE.read_text()) == PAGE.read_text()
