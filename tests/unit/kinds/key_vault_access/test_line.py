"""The line that a probe types."""

from __future__ import annotations

import pytest

from aci_operator.kinds.key_vault_access.line import LONGEST, Asked, line
from aci_operator.kinds.key_vault_access.look import read

WHO = "11111111-2222-4333-8444-555555555555"
ASKED = Asked("https://vault.azure.net", "https://v.vault.azure.net/secrets/s", client_id=WHO)


def test_the_line_itself_is_no_answer_when_a_terminal_shows_it() -> None:
    assert read(line(ASKED)) is None


def test_no_name_that_azure_allows_makes_it_longer_than_a_terminal_takes() -> None:
    url = f"https://{'v' * 24}.vault.usgovcloudapi.net/secrets/{'s' * 127}"
    longest = Asked("https://vault.usgovcloudapi.net", url, object_id=WHO)
    assert len(line(longest)) <= LONGEST


def test_it_is_one_line_without_what_an_interactive_shell_would_replace() -> None:
    assert [character for character in "\n\t!" if character in line(ASKED)] == []


@pytest.mark.parametrize("text", ["a'b", "a b", "$(id)", "a;b", "`id`", "ä"])
@pytest.mark.parametrize("field", Asked._fields)
def test_what_could_be_a_command_is_never_typed(field: str, text: str) -> None:
    with pytest.raises(ValueError, match="no shell should see"):
        line(ASKED._replace(**{field: text}))


@pytest.mark.parametrize("field", ["audience", "url"])
def test_without_an_audience_or_an_address_there_is_no_line(field: str) -> None:
    with pytest.raises(ValueError, match="needs both"):
        line(ASKED._replace(**{field: ""}))


@pytest.mark.parametrize(
    ("asked", "selector"),
    [
        (ASKED, f"&client_id={WHO}' "),
        (ASKED._replace(client_id="", object_id=WHO), f"&object_id={WHO}' "),
        (ASKED._replace(client_id=""), "resource=https%3A%2F%2Fvault.azure.net' "),
    ],
)
def test_the_system_assigned_identity_takes_no_selector(asked: Asked, selector: str) -> None:
    assert selector in line(asked)
