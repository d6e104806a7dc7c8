"""What `make live` refuses to do, and what it leaves behind when something fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from article.live import Refused, perform, run_of
from article.terminal import CommandFailed

SUBSCRIPTION = "5ca1ab1e-6c0d-4e57-9b1a-c0ffee5ca1ab"
ENVIRON = {
    "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
    "AZURE_TENANT_ID": "tenant",
    "AZURE_CLIENT_ID": "client",
    "AZURE_CLIENT_SECRET": "canary-secret",
    "LIVE_CONFIRM": SUBSCRIPTION.upper(),
}


@pytest.mark.parametrize("name", ENVIRON)
def test_a_missing_variable_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(Refused) as refused:
        run_of({**ENVIRON, name: ""}, "1")
    named = [each for each in ENVIRON if f"  {each}: " in str(refused.value)]
    assert (named, "canary" in str(refused.value)) == ([name], False)


def test_without_the_subscriptions_id_repeated_nothing_is_done() -> None:
    with pytest.raises(Refused, match="LIVE_CONFIRM"):
        run_of({**ENVIRON, "LIVE_CONFIRM": "yes"}, "1")


def test_a_run_has_names_of_its_own_and_only_the_networks_variables() -> None:
    run = run_of({**ENVIRON, "HTTPS_PROXY": "http://proxy", "PYTHONPATH": "x"}, "4f1e")
    assert (run.names.group, run.names.vault, dict(run.ways), run.recording) == (
        "aci-operator-live-4f1e",
        "acilive4f1e",
        {"HTTPS_PROXY": "http://proxy"},
        Path("live-recordings/article-4f1e.json"),
    )


def stand_in(folder: Path, answers: str) -> Path:
    """Write an `az` that notes its arguments and answers as the lines of a `case` say."""
    az = folder / "bin" / "az"
    az.parent.mkdir()
    az.write_text(f'#!/bin/sh\necho "$*" >>{folder}/log\ncase "$*" in\n{answers}\nesac\n')
    az.chmod(0o755)
    return az


def asked(folder: Path) -> list[str]:
    return [" ".join(line.split()[:2]) for line in (folder / "log").read_text().splitlines()]


async def test_a_group_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    az = stand_in(tmp_path, '"group exists"*) echo true;;')
    with pytest.raises(Refused, match="aci-operator-live-4f1e is there already"):
        await perform(run_of(ENVIRON, "4f1e"), az, tmp_path / "run")
    assert asked(tmp_path) == ["login --service-principal", "account set", "group exists"]


async def test_after_a_failure_what_was_made_is_deleted_and_nothing_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = '"group exists"*) echo false;;\n"keyvault "[cp]*) echo no >&2; exit 3;;'
    az = stand_in(tmp_path, answers)
    with pytest.raises(CommandFailed, match="az keyvault create"):
        await perform(run_of(ENVIRON, "4f1e"), az, tmp_path / "run")
    made_and_deleted = ["group create", "keyvault create", "keyvault delete", "keyvault purge"]
    assert asked(tmp_path)[3:] == [*made_and_deleted, "group delete"]
    assert capfd.readouterr().err == (
        "live: az keyvault purge --name acilive4f1e --location eastus failed: no\n"
    )


async def test_the_clients_secret_is_no_argument_of_a_process(tmp_path: Path) -> None:
    az = stand_in(tmp_path, '"group exists"*) echo true;;')
    with pytest.raises(Refused):
        await perform(run_of(ENVIRON, "4f1e"), az, tmp_path / "run")
    assert "canary-secret" not in (tmp_path / "log").read_text()
    assert not (tmp_path / "run/home/secret").exists()
