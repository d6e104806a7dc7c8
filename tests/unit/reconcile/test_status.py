from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aci_operator.reconcile.status import StatusBuilder
from pass_builders import a_ready

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def built(builder: StatusBuilder) -> dict[str, Any]:
    return builder.build(2, NOON)


def test_fields_that_a_pass_does_not_touch_stay() -> None:
    stored = {"id": "/x", "drift": ["spec.tags"], "observedGeneration": 1, "conditions": []}
    assert built(StatusBuilder(stored)) == {**stored, "observedGeneration": 2}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_an_empty_value_takes_the_field_out(nothing: Any) -> None:
    builder = StatusBuilder({"id": "/x", "state": "Running"})
    builder.set(state=nothing)
    assert built(builder) == {"id": "/x", "observedGeneration": 2, "conditions": []}


@pytest.mark.parametrize("value", [0, False, 0.0])
def test_zero_and_false_are_values(value: Any) -> None:
    builder = StatusBuilder({})
    builder.set(exitCode=value)
    assert built(builder)["exitCode"] == value


def test_the_stored_status_is_never_changed_through_the_builder() -> None:
    stored = {"identity": {"type": "None"}, "conditions": [a_ready()]}
    builder = StatusBuilder(stored)
    builder.fields["identity"]["type"] = "SystemAssigned"
    builder.say("Ready", "False", "Any", "")
    built(builder)
    assert stored == {"identity": {"type": "None"}, "conditions": [a_ready()]}


def test_the_last_word_on_a_condition_counts() -> None:
    builder = StatusBuilder({"conditions": [a_ready()]})
    builder.say("Ready", "False", "First", "1")
    builder.say("Ready", "True", "Second", "2")
    ready = a_ready(reason="Second", message="2", observedGeneration=2)
    assert built(builder)["conditions"] == [ready]


def test_a_condition_that_is_taken_back_is_gone_even_if_it_stood_there() -> None:
    builder = StatusBuilder({"conditions": [a_ready(type="IdentityReady")]})
    builder.say("IdentityReady", "True", "Any", "")
    builder.unsay("IdentityReady")
    assert built(builder)["conditions"] == []


def test_building_twice_gives_the_same() -> None:
    builder = StatusBuilder({"conditions": [a_ready(), a_ready(type="Synced")]})
    builder.say("Ready", "False", "Any", "")
    assert built(builder) == built(builder)


def test_what_was_stored_meanwhile_counts_for_the_next_transition() -> None:
    builder = StatusBuilder({"conditions": [a_ready()]})
    builder.say("Ready", "False", "Creating", "")
    builder.stored(built(builder))
    builder.say("Ready", "True", "Available", "It was there.")
    since = "2026-01-02T12:00:00Z"
    assert built(builder)["conditions"] == [a_ready(lastTransitionTime=since, observedGeneration=2)]
