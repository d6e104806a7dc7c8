"""The reasons: words that machines read, sentences that people read, one page of both."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import aci_operator
from aci_operator.api import reasons

CODE = Path(aci_operator.__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "reasons.md"


def given() -> set[str]:
    """Collect the names that the operator's code asks of `reasons`."""
    trees = [ast.parse(path.read_text()) for path in CODE.rglob("*.py")]
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "reasons"
    }


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == reasons.page()


def test_every_reason_is_explained_on_a_page_beside_the_list() -> None:
    others = [
        page for page in PAGE.parent.glob("*.md") if page.name not in (PAGE.name, "design.md")
    ]
    words = set(re.findall(r"`(\w+)`", "".join(page.read_text() for page in others)))
    assert set(reasons.ALL) - words == set()


@pytest.mark.parametrize("reason", reasons.ALL.values(), ids=lambda reason: str(reason.word))
def test_a_reason_is_one_word_with_a_sentence_for_its_meaning(reason: reasons.Reason) -> None:
    assert re.fullmatch("[A-Z][A-Za-z]{2,60}", reason.word)
    assert re.fullmatch(r"([A-Z]|spec\.).*\.", reason.meaning)


def test_every_reason_is_given_somewhere_and_nothing_else_is() -> None:
    assert sorted(getattr(reasons, name) for name in given()) == sorted(reasons.ALL)
