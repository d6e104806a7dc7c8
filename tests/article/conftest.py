"""The article, told once to an emulated Azure by the real Azure CLI, for all tests to look at."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from article.azure_cli import ensure_installed
from article.pseudo_terminal import missing
from article.recorder.recording import Recorder, stands_for
from article.states import State, names_of, state_of
from article.story import Names, Story, clean_up
from article.terminal import Account, Terminal, sign_in
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
    account: Account
    recorder: Recorder
    recording: Path
    outputs: dict[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """What IDs belong to: `oid of myACIId` and the like."""
    refused_deployment: str = ""
    not_cleaned_up: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)


@pytest.fixture(scope="session")
def az() -> Path:
    """The pinned Azure CLI; the tests fail where it cannot be installed."""
    return ensure_installed(os.environ)


@pytest.fixture(scope="session")
async def told(az: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell the whole story; groups start at once, since the CLI looks again only after 30 s."""
    folder = tmp_path_factory.mktemp("article")
    settings = Settings(
        subscription_ids=(SUBSCRIPTION,),
        container_creation_seconds=0,
        container_update_seconds=0,
        exec_shell=True,
        exec_path=(str(az.parent),),
    )
    async with Emulator(settings) as azure:
        told = _prepare(azure, folder)
        terminal = Terminal(az, folder / "home", proxied(azure))
        terminal.folder.mkdir()
        await sign_in(terminal, told.account)
        await _tell(Story(terminal, outputs=told.outputs), told, azure)
        told.not_cleaned_up.update(await clean_up(terminal, Names()))
        told.states["cleaned up"] = state_of(azure)
    return told


async def _tell(story: Story, told: Told, azure: Emulator) -> None:
    terminal = story.terminal
    recorded = Terminal(
        terminal.az, terminal.folder, {**terminal.environ, **told.recorder.environ()}
    )
    story.terminal = recorded
    await story.vault_and_user_assigned()
    told.states["example 1"] = state_of(azure)
    if not missing():
        await story.shell_of_user_assigned()
    await story.system_assigned()
    told.states["example 2"] = state_of(azure)
    if not missing():
        await story.shell_of_system_assigned()
    await story.other_forms()
    told.states["other forms"] = state_of(azure)
    told.variables.update(recorded.variables)
    told.names.update(names_of(azure))
    told.recorder.write(told.recording, "Against the emulator.", forbidden=forbidden(told))
    told.refused_deployment = await story.deployment()
    told.calls.extend(call for call in azure.calls.list() if call.oid == told.caller.oid)


def _prepare(azure: Emulator, folder: Path) -> Told:
    caller = azure.create_service_principal("az", secret=CLIENT_SECRET)
    azure.assign_role(caller.oid, "Owner", f"/subscriptions/{SUBSCRIPTION}")
    account = Account(SUBSCRIPTION, azure.settings.tenant_id, caller.appid, CLIENT_SECRET)
    recorder = Recorder(folder / "recorder", stands_for(SUBSCRIPTION, account.tenant_id))
    return Told(caller, account, recorder, folder / "article.json")


def proxied(azure: Emulator) -> dict[str, str]:
    """Give the variables by which the Azure CLI takes an emulated Azure for the real one."""
    ca_file = str(azure.endpoints.ca_file)
    return {
        "HTTPS_PROXY": azure.endpoints.proxy,
        "https_proxy": azure.endpoints.proxy,
        "REQUESTS_CA_BUNDLE": ca_file,
        "WEBSOCKET_CLIENT_CA_BUNDLE": ca_file,
    }


def forbidden(told: Told) -> list[str]:
    """List what must not stand in a recording."""
    return [
        told.account.subscription_id,
        told.account.tenant_id,
        told.account.client_id,
        told.account.client_secret,
        told.caller.oid,
        "Hello Container Instances",
    ]
