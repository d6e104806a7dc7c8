"""The page about the article is current."""

from __future__ import annotations

from pathlib import Path

from article.listing import page

PAGE = Path(__file__).parents[2] / "docs" / "article.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "run: make evidence"
