"""The article, told once to an emulated Azure by the real Azure CLI, for all tests to look at."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from article.azure_cli import ensure_installed
from article.live import Run, perform
from article.recorder.scrub import Scrub
from article.states import State, names_of, state_of
from article.story import Names, Story
from article.terminal import Account, Terminal
from azure_emulator.calls import Call
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.settings import Settings

CLIENT_SECRET = "canary-cli-secret-91c4"
SUBSCRIPTION = "5ca1ab1e-6c0d-4e57-9b1a-c0ffee5ca1ab"


@dataclass
class Told:
    """What came of it: `outputs` by step, the `states` of Azure after each part."""

    caller: Principal
    run: Run
    folder: Path
    outputs: dict[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """What IDs belong to: `oid of myACIId` and the like."""
    scrub: Scrub = field(default_factory=lambda: Scrub({}, b""))
    refused_deployment: str = ""
    to_the_letter: dict[str, str] = field(default_factory=dict)
    """Errors of the article's commands without today's words."""
    calls: list[Call] = field(default_factory=list)
    """Of the CLI; not of what ran in the containers."""


@pytest.fixture(scope="session")
def az() -> Path:
    """The pinned Azure CLI; the tests fail where it cannot be installed."""
    return ensure_installed(os.environ)


@pytest.fixture(scope="session")
async def told(az: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell the story as `make live` does; groups start at once, since the CLI looks again only
    after 30 s."""
    settings = Settings(
        subscription_ids=(SUBSCRIPTION,),
        container_creation_seconds=0,
        container_update_seconds=0,
        exec_shell=True,
        exec_path=(str(az.parent),),
    )
    async with Emulator(settings) as azure:
        told = _prepare(azure, tmp_path_factory.mktemp("article"))

        async def look(part: str, story: Story) -> None:
            told.states[part] = state_of(azure)
            told.outputs.update(story.outputs)
            told.variables.update(story.terminal.variables)
            if part == "other forms":
                told.names.update(names_of(azure))
                told.calls.extend(_calls_of(told.caller, azure))
                plain = Story(_unrecorded(story.terminal, told.run), Names(vault="as-written"))
                told.refused_deployment = await plain.deployment()
                told.to_the_letter.update(await plain.to_the_letter())
                told.outputs.update(await plain.questions())

        recorder = await perform(told.run, az, told.folder, look)
        told.scrub = recorder.scrub
        told.states["cleaned up"] = state_of(azure)
    return told


def _unrecorded(terminal: Terminal, run: Run) -> Terminal:
    return Terminal(terminal.az, terminal.folder, run.ways, terminal.variables)


def _calls_of(caller: Principal, azure: Emulator) -> list[Call]:
    return [call for call in azure.calls.list() if call.oid == caller.oid]


def _prepare(azure: Emulator, folder: Path) -> Told:
    caller = azure.create_service_principal("az", secret=CLIENT_SECRET)
    azure.assign_role(caller.oid, "Owner", f"/subscriptions/{SUBSCRIPTION}")
    account = Account(SUBSCRIPTION, azure.settings.tenant_id, caller.appid, CLIENT_SECRET)
    more = (caller.oid, "Hello Container Instances")
    run = Run(account, Names(), _proxied(azure), folder / "article.json", more)
    return Told(caller, run, folder)


def _proxied(azure: Emulator) -> dict[str, str]:
    """Give the variables by which the Azure CLI takes an emulated Azure for the real one."""
    ca_file = str(azure.endpoints.ca_file)
    return {
        "HTTPS_PROXY": azure.endpoints.proxy,
        "https_proxy": azure.endpoints.proxy,
        "REQUESTS_CA_BUNDLE": ca_file,
        "WEBSOCKET_CLIENT_CA_BUNDLE": ca_file,
    }
