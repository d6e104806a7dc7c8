"""How what a pass says becomes what is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.api import conditions
from aci_operator.api.conditions import ORDER, Condition, cut, find, is_true, merge

THEN = "2026-01-01T00:00:00Z"
NOON = datetime(2026, 1, 2, 12, 0, 0, 999, tzinfo=UTC)
NOW = "2026-01-02T12:00:00Z"


def stored(type_: str, status: str = "True", **changes: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "status": status,
        "reason": "Old",
        "message": "Before.",
        "lastTransitionTime": THEN,
        "observedGeneration": 1,
        **changes,
    }


def test_a_condition_that_is_new_is_stored_with_time_and_generation() -> None:
    assert merge([], [Condition("Ready", "True", "Running", "It runs.")], 2, NOON) == [
        {
            "type": "Ready",
            "status": "True",
            "reason": "Running",
            "message": "It runs.",
            "lastTransitionTime": NOW,
            "observedGeneration": 2,
        }
    ]


@pytest.mark.parametrize(("status", "since"), [("True", THEN), ("False", NOW), ("Unknown", NOW)])
def test_the_transition_time_moves_only_when_the_status_flips(status: str, since: str) -> None:
    (merged,) = merge([stored("Ready")], [Condition("Ready", status, "New", "Now.")], 2, NOON)
    assert (merged["reason"], merged["lastTransitionTime"]) == ("New", since)


@pytest.mark.parametrize("type_", ["Ready", "Reconciling", "Stalled"])
def test_a_summary_condition_that_is_not_said_again_goes(type_: str) -> None:
    assert merge([stored(type_)], [], 2, NOON) == []


@pytest.mark.parametrize(
    "type_", [t for t in ORDER if t not in ("Ready", "Reconciling", "Stalled")]
)
def test_any_other_condition_that_is_not_said_again_stays_as_it_was(type_: str) -> None:
    assert merge([stored(type_)], [], 2, NOON) == [stored(type_)]


@given(st.permutations(ORDER), st.permutations(ORDER))
def test_the_order_is_always_the_same(before: list[str], said: list[str]) -> None:
    spoken = [Condition(type_, "True", "Any", "") for type_ in said]
    merged = merge([stored(type_) for type_ in before], spoken, 1, NOON)
    assert [condition["type"] for condition in merged] == list(ORDER)


def test_a_condition_that_this_version_does_not_know_comes_last() -> None:
    merged = merge([stored("Later"), stored("Synced")], [], 2, NOON)
    assert [condition["type"] for condition in merged] == ["Synced", "Later"]


@given(st.text(max_size=3000), st.integers(0, 1200))
def test_a_message_is_never_longer_than_the_limit_and_is_cut_only_at_need(
    text: str, padding: int
) -> None:
    message = "é" * padding + text.encode(errors="ignore").decode()
    short = cut(message)
    assert len(short.encode()) <= conditions.MESSAGE_LIMIT
    if len(message.encode()) <= conditions.MESSAGE_LIMIT:
        assert short == message
    else:
        assert short.endswith("...")
        assert message.startswith(short[:-3])


def test_a_stored_message_is_cut() -> None:
    (merged,) = merge([], [Condition("Ready", "False", "Any", "x" * 2000)], 1, NOON)
    assert merged["message"] == "x" * 1021 + "..."


def test_a_message_is_cut_between_characters() -> None:
    assert cut("é" * 600) == "é" * 510 + "..."


def test_what_was_said_of_a_type_is_found() -> None:
    status = {"conditions": [stored("Ready"), stored("Synced", "False")]}
    assert (find(status, "Synced"), find(status, "Drifted"), find({}, "Ready")) == (
        stored("Synced", "False"),
        {},
        {},
    )


@pytest.mark.parametrize(
    ("status", "holds"), [("True", True), ("False", False), ("Unknown", False)]
)
def test_only_true_is_true(status: str, holds: bool) -> None:
    assert is_true({"conditions": [stored("Ready", status)]}, "Ready") is holds


def test_a_condition_that_is_not_there_is_not_true() -> None:
    assert is_true({}, "Ready") is False


@given(st.lists(st.sampled_from(["True", "False", "Unknown"]), min_size=1, max_size=8))
def test_after_any_history_the_time_is_that_of_the_last_flip(history: list[str]) -> None:
    kept: list[dict[str, Any]] = []
    for day, status in enumerate(history, start=1):
        said = [Condition("Ready", status, "Any", "")]
        kept = merge(kept, said, day, datetime(2026, 1, day, tzinfo=UTC))
    flips = [1, *(d for d in range(2, len(history) + 1) if history[d - 2] != history[d - 1])]
    assert kept[0]["lastTransitionTime"] == f"2026-01-{flips[-1]:02}T00:00:00Z"
