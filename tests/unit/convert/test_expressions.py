"""The language of templates' expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.convert.expressions import (
    MAX_DEPTH,
    Call,
    Literal,
    Member,
    Node,
    Unparsable,
    is_expression,
    parse,
    spelled,
)

WORDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
LITERALS = st.builds(Literal, st.text(max_size=8) | st.integers(-99, 99))


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    calls = st.builds(Call, WORDS, st.lists(inner, max_size=3).map(tuple))
    return calls | st.builds(Member, calls, inner)


@given(st.recursive(LITERALS, _larger, max_leaves=8))
def test_what_is_spelled_is_parsed_to_the_same(node: Node) -> None:
    assert parse(f"[{spelled(node)}]") == node


@given(st.text(max_size=30))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        node = parse(f"[{text}]")
    except Unparsable:
        return
    assert parse(f"[{spelled(node)}]") == node


def test_members_and_indexes_follow_a_call() -> None:
    answer = Call("reference", (Literal("it''s"[:2] + "'s"),))
    keys = Member(Member(answer, Literal("keys")), Literal(0))
    assert parse("[ reference('it''s').keys[0] ]") == keys


@pytest.mark.parametrize(
    "text", ["[f(]", "[f(a)]", "[]", "[f('x]", "[f() g()]", "[1.f()]", "[f(,)]"]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(Unparsable):
        parse(text)


def test_depth_is_bounded() -> None:
    with pytest.raises(Unparsable, match=f"more than {MAX_DEPTH} levels"):
        parse("[" + "f(" * 5000 + ")" * 5000 + "]")


@pytest.mark.parametrize(("text", "expected"), [("[f()]", True), ("[[f()]", False), ("f()", False)])
def test_brackets_tell_an_expression(text: str, expected: bool) -> None:
    assert is_expression(text) is expected
