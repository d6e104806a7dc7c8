"""The knobs as data: all twenty, with the defaults of the settings, and a test for each value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from azure_emulator.knobs import GUISES, KNOBS, Knob
from azure_emulator.settings import Settings
from emulator.knob_tests import KNOB_TESTS

HERE = Path(__file__).parent


def test_there_are_the_twenty_of_the_study() -> None:
    assert [knob.number for knob in KNOBS] == list(range(1, 21))


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: str(knob.number))
def test_the_first_value_is_the_default_of_the_settings(knob: Knob) -> None:
    assert {field: getattr(Settings(), field) for field in knob.fields} == knob.default


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: str(knob.number))
def test_every_other_value_differs_and_can_be_set(knob: Knob) -> None:
    for value in knob.values[1:]:
        assert set(value) == set(knob.fields)
        assert Settings(**value) != Settings()


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: str(knob.number))
def test_every_value_has_a_test_that_exists(knob: Knob) -> None:
    named = KNOB_TESTS[knob.number]
    assert len(named) == len(knob.values)
    for each in named:
        path, _, name = each.partition("::")
        assert re.search(rf"def {name}\(", (HERE / path).read_text()), each


def test_a_setting_that_says_it_is_a_knob_is_listed_under_its_number() -> None:
    """A docstring below a field, or below the last of several, names its knob."""
    source = (HERE.parents[1] / "operator/azure_emulator/settings.py").read_text()
    said = re.findall(r"    (\w+): [^\n]+\n    \"\"\"Knob (\d+)", source)
    listed = {(field, str(knob.number)) for knob in KNOBS for field in knob.fields}
    assert set(said) <= listed


def test_guises_are_settings_that_are_off() -> None:
    for guise in GUISES:
        assert not any(getattr(Settings(), field) for field in guise)
