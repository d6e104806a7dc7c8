from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.api.durations import seconds

parts = st.none() | st.integers(0, 9999)


@pytest.mark.parametrize(
    ("text", "worth"),
    [("1s", 1.0), ("90s", 90.0), ("10m", 600.0), ("1h30m", 5400.0), ("24h", 86400.0), ("0s", 0.0)],
)
def test_a_duration_is_read_in_seconds(text: str, worth: float) -> None:
    assert seconds(text) == worth


@given(parts, parts, parts)
def test_any_combination_of_hours_minutes_and_seconds_adds_up(
    hours: int | None, minutes: int | None, rest: int | None
) -> None:
    given = ((hours, "h"), (minutes, "m"), (rest, "s"))
    text = "".join(f"{count}{unit}" for count, unit in given if count is not None)
    if text:
        assert seconds(text) == (hours or 0) * 3600 + (minutes or 0) * 60 + (rest or 0)


@pytest.mark.parametrize(
    "text", ["", "10", "m", "1m1h", "-1s", "1.5h", "10m ", "5d", "1s1s", "1s\n"]
)
def test_what_is_no_duration_is_refused_with_the_way_to_write_one(text: str) -> None:
    message = f"{text!r} is no duration; write it like 90s, 10m or 1h30m"
    with pytest.raises(ValueError, match=re.escape(message)):
        seconds(text)
