"""What the demo shows, and what it keeps to itself."""

from __future__ import annotations

import io

from demo.narrator import Narrator
from demo.web import Get

GET = Get(
    "https://127.0.0.1:1/secrets/SampleSecret",
    ("Authorization", "Bearer canary"),
    "https://127.0.0.1:1/secrets/SampleSecret",
    '"Authorization: Bearer $TOKEN"',
)


def test_a_request_is_shown_as_curl_with_the_variable_and_not_the_token() -> None:
    assert GET.as_curl() == (
        'curl -s "https://127.0.0.1:1/secrets/SampleSecret" \\\n'
        '      -H "Authorization: Bearer $TOKEN"'
    )


def test_a_request_in_an_error_text_has_no_token() -> None:
    assert "canary" not in repr(GET)


def test_steps_are_numbered_and_what_belongs_to_them_is_indented() -> None:
    told = io.StringIO()
    narrator = Narrator(told)
    narrator.step("Up")
    narrator.command("true")
    narrator.output("a\n\nb\n")
    narrator.step("Down")
    assert told.getvalue() == "\n1. Up\n    $ true\n    a\n\n    b\n\n2. Down\n"


def test_a_long_json_answer_is_broken_into_lines_of_a_terminal() -> None:
    told = io.StringIO()
    Narrator(told).json({f"name{number}": "value" for number in range(40)})
    assert max(map(len, told.getvalue().splitlines())) in range(100, 155)
