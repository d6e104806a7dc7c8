"""Microsoft's published examples are answered as they show it, but for a reviewed list."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.endpoints import VAULT_AUDIENCE
from azure_emulator.settings import Settings
from emulator.conftest import Client
from emulator.example import FOLDER, Example, differences, examples
from emulator.example_differences import EXAMPLE_DIFFERENCES, EXAMPLES_OUT_OF_SCOPE
from emulator.example_stage import Stage
from emulator.example_stage import settings as stage_settings

IN_SCOPE = [each for name, each in sorted(examples().items()) if name not in EXAMPLES_OUT_OF_SCOPE]


@pytest.fixture
def settings() -> Settings:
    return stage_settings()


@pytest.fixture
def stage(azure: Emulator, http: aiohttp.ClientSession) -> Stage:
    """An Azure whose caller owns everything."""
    caller = azure.create_service_principal("example")
    for subscription in azure.settings.subscription_ids:
        azure.assign_role(caller.oid, "Owner", f"/subscriptions/{subscription}")
    arm = Client(http, azure.endpoints.resource_manager, azure.token(caller))
    data = Client(http, "", azure.token(caller, VAULT_AUDIENCE))
    return Stage(azure, arm, data, caller)


@pytest.mark.parametrize("example", IN_SCOPE, ids=lambda each: each.name)
async def test_an_example_is_answered_as_it_shows(stage: Stage, example: Example) -> None:
    await stage.prepare(example)
    answer = await stage.send(example)
    found = _differences(example, answer.status, answer.body)
    listed = [each for name, each, _ in EXAMPLE_DIFFERENCES if fnmatchcase(example.name, name)]
    new = [each for each in found if not any(_fits(each, one) for one in listed)]
    assert not new, f"{answer.status} {answer.body}"[:2000]


def _differences(example: Example, status: int, body: Any) -> list[str]:
    """Compare with the answer of that status; what a PUT gives is shown by the 200 or the 201,
    whichever is nearer: some show another request's."""
    if str(status) not in example.responses:
        return [f"status {status}"]
    put = example.method == "PUT"
    statuses = {"200", "201"} & example.responses.keys() if put else {str(status)}
    shown = [example.responses[each].get("body") for each in sorted(statuses)]
    return min((list(differences(each, body)) for each in shown), key=len)


def _fits(found: str, pattern: str) -> bool:
    return fnmatchcase(found, pattern.replace("[", "[[]"))


def test_every_example_is_in_scope_or_named_with_a_reason() -> None:
    files = {f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.json")}
    assert files == {each.name for each in IN_SCOPE} | EXAMPLES_OUT_OF_SCOPE.keys()
