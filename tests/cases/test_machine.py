"""A group converges to its spec whatever happens to it (`group_machine`)."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

pytest.register_assert_rewrite("cases.group_machine")
from cases.group_machine import GroupMachine  # noqa: E402


def play(examples: int, steps: int, *, derandomize: bool = False) -> tuple[int, int]:
    """Play stories; give how many there were, and how many steps in all."""
    GroupMachine.examples = GroupMachine.steps = 0
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=derandomize,
    )
    run_state_machine_as_test(GroupMachine, settings=how)
    print(f"{GroupMachine.examples} stories, {GroupMachine.steps} steps")
    return GroupMachine.examples, GroupMachine.steps


def test_a_few_stories_end_as_the_spec_says() -> None:
    examples, steps = play(10, 12, derandomize=True)
    assert (examples >= 10, steps > examples) == (True, True)


@pytest.mark.soak
def test_many_stories_end_as_the_spec_says() -> None:
    wanted = int(os.environ.get("MACHINE_EXAMPLES", "400"))
    examples, _ = play(wanted, 30)
    assert examples >= wanted
