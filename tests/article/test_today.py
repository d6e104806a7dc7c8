"""The article's own words are not enough for today's Azure CLI, and these are what it lacks."""

from __future__ import annotations

from article import commands
from article.conftest import Told
from article.today import ADDED, in_todays_words


async def test_todays_cli_refuses_the_article_to_the_letter(told: Told) -> None:
    assert {command: why.splitlines()[0] for command, why in told.to_the_letter.items()} == {
        "az keyvault set-policy \\": "ERROR: Cannot set policies to a vault with "
        "'--enable-rbac-authorization' specified",
        "az container create \\": "ERROR: (InvalidOsType) The 'osType' for container group "
        "'<null>' is invalid. The value must be one of 'Windows,Linux'.",
    }


def test_only_the_commands_that_need_it_get_more_words() -> None:
    steps = [*commands.VAULT, *commands.USER_ASSIGNED, *commands.SYSTEM_ASSIGNED]
    added = {
        step.name: in_todays_words(step.text).removeprefix(step.text).strip()
        for step in steps
        if in_todays_words(step.text) != step.text
    }
    (_, vault, _), (_, container, _) = ADDED
    assert added == {
        "keyvault create": vault,
        "container create with the user-assigned identity": container,
        "container create with the system-assigned identity": container,
    }
