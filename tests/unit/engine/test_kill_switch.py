"""What the word in the ConfigMap does."""

from __future__ import annotations

import pytest

from aci_operator.engine.kill_switch import KillSwitch, Setting

NAME = "azureWrites of the ConfigMap ns/x"


class Word:
    """The setting as it stands, or the error that reading it gives."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)

    async def __call__(self) -> str:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def after(*answers: str | Exception) -> tuple[str, int]:
    """Give why writes are stopped after these answers, and how often a change was told."""
    told: list[None] = []
    switch = KillSwitch(Setting(NAME, Word(*answers), ConnectionError), lambda: told.append(None))
    for _ in answers:
        await switch.look()
    return switch.why(), len(told)


def test_nothing_may_be_written_before_the_word_was_read() -> None:
    switch = KillSwitch(Setting(NAME, Word()), lambda: None)
    assert switch.why() == f"{NAME} was not read yet"


@pytest.mark.parametrize("word", ["", "Allowed"])
async def test_no_word_and_allowed_let_writes_go(word: str) -> None:
    assert await after(word) == ("", 1)


async def test_stopped_stops_them_and_is_told_once() -> None:
    assert await after("", "Stopped", "Stopped") == (
        f"{NAME} is Stopped: nothing is written to Azure",
        2,
    )


async def test_a_word_that_nobody_knows_stops_them() -> None:
    assert await after("off") == (f"{NAME} is 'off', neither Allowed nor Stopped", 1)


async def test_what_was_read_last_counts_while_the_api_server_is_away() -> None:
    assert await after("", ConnectionError()) == ("", 1)
    assert (await after("Stopped", ConnectionError()))[0] != ""


@pytest.mark.parametrize("error", [ConnectionError(), PermissionError()])
async def test_what_was_never_read_stops_them(error: Exception) -> None:
    assert await after(error) == (f"{NAME} cannot be read ({type(error).__name__})", 1)


async def test_a_right_that_was_taken_away_stops_them() -> None:
    assert await after("", PermissionError()) == (f"{NAME} cannot be read (PermissionError)", 2)
