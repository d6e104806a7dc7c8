"""The whole state in a file, and back."""

from __future__ import annotations

import json
import os
import pickle
import signal
import stat
from pathlib import Path
from typing import Any

import pytest

from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.entra.assertions import Federation
from azure_emulator.settings import Settings
from azure_emulator.snapshot import SnapshotError
from azure_emulator.vaults import Vaults
from emulator.conftest import GROUP, NOON, SUBSCRIPTION, Client
from emulator.containers.builders import IDENTITIES, PROVIDER, a_container, a_group, with_identity
from emulator.test_cli import start

HEAD = b"azure-emulator snapshot 1\n"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults"


async def fill(azure: Emulator, arm: Client) -> None:
    """Make some of everything, a secret variable and a deleted vault included."""
    tenant = azure.settings.tenant_id
    identity = (await arm("PUT", f"{IDENTITIES}/my-id", "2024-11-30", {"location": "westus"})).body
    environment = [{"name": "S", "secureValue": "hidden"}]
    body = with_identity(
        a_group(a_container(environmentVariables=environment)),
        "SystemAssigned, UserAssigned",
        identity["id"],
    )
    await arm("PUT", f"{PROVIDER}/containerGroups/demo", "2025-09-01", body)
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": tenant, "sku": sku, "accessPolicies": []}
    for name in ("one1", "two2"):
        vault = {"location": "westus", "properties": properties}
        assert (await arm("PUT", f"{VAULT}/{name}", "2023-07-01", vault)).status == 200
    await arm("DELETE", f"{VAULT}/two2", "2023-07-01")
    azure.clock.advance(3600)


async def again(azure: Emulator, tmp_path: Path) -> Emulator:
    """Save, and give an emulator that has not started yet."""
    azure.save(tmp_path / "state")
    return Emulator(clock=Clock(frozen_at=NOON))


def without_addresses(state: dict[str, Any]) -> dict[str, Any]:
    for vault in state["vaults"].values():
        del vault["properties"]["vaultUri"]
    return state


async def test_everything_is_there_again(
    azure: Emulator, arm: Client, group: str, tmp_path: Path
) -> None:
    await fill(azure, arm)
    async with await again(azure, tmp_path) as other:
        other.load(tmp_path / "state")
        assert without_addresses(other.state()) == without_addresses(azure.state())
        assert other.clock.now() == azure.clock.now()
        assert other.cloud.directory.principals() == azure.cloud.directory.principals()


async def test_a_restored_azure_goes_on(
    azure: Emulator, arm: Client, group: str, tmp_path: Path
) -> None:
    await fill(azure, arm)
    arm_id = f"{PROVIDER}/containerGroups/demo"
    async with await again(azure, tmp_path) as other:
        other.load(tmp_path / "state")
        provider: Any = other.cloud.container_groups
        provider.make(arm_id, a_group(a_container(image="next")))
        other.clock.advance(10)
        assert (provider.starts(arm_id), provider.provisioning_of(arm_id)) == (2, "Succeeded")


async def test_a_restored_vault_has_an_address_of_its_own_process(
    azure: Emulator, arm: Client, group: str, tmp_path: Path
) -> None:
    await fill(azure, arm)
    async with await again(azure, tmp_path) as other:
        other.load(tmp_path / "state")
        vaults = next(each for each in other.cloud.providers if isinstance(each, Vaults))
        shown = other.state()["vaults"][f"{VAULT}/one1"]["properties"]["vaultUri"]
        assert shown.rstrip("/") == vaults._uri("one1")


async def test_what_was_registered_to_sign_in_is_kept(azure: Emulator, tmp_path: Path) -> None:
    app = azure.create_service_principal("app", secret="word")
    azure.cloud.directory.assertions.federate(app.appid, Federation("issuer", "subject"))
    async with await again(azure, tmp_path) as other:
        other.load(tmp_path / "state")
        assert other.cloud.directory.secret_fits(app, "word")
        assert other.cloud.directory.assertions.federations[app.appid] == [
            Federation("issuer", "subject")
        ]


async def test_the_file_is_private(azure: Emulator, tmp_path: Path) -> None:
    azure.save(tmp_path / "state")
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["state"]


class _Trap:
    def __reduce__(self) -> Any:
        return (print, ("the snapshot ran something",))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no snapshot"),
        (b"something else", "no snapshot"),
        (HEAD + b"broken", "cannot be read"),
        (HEAD + pickle.dumps(_Trap()), "asks for builtins.print"),
        (HEAD + pickle.dumps({"places": (), "state": {}}), "another tenant"),
        (HEAD + b"cazure_emulator.emulator\nEmulator\n(tR.", "asks for"),
        (HEAD + b"cazure_emulator.snapshot\nos.getpid\n(tR.", "asks for"),
    ],
)
async def test_what_is_no_snapshot_is_refused_and_runs_nothing(
    azure: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, why: str
) -> None:
    (tmp_path / "state").write_bytes(content)
    with pytest.raises(SnapshotError, match=why):
        azure.load(tmp_path / "state")
    assert capsys.readouterr().out == ""


async def test_a_snapshot_of_another_tenant_is_refused(azure: Emulator, tmp_path: Path) -> None:
    azure.save(tmp_path / "state")
    async with Emulator(Settings(tenant_id="other")) as other:
        with pytest.raises(SnapshotError, match="another tenant"):
            other.load(tmp_path / "state")


def client_id(ready: Path) -> str:
    return str(json.loads(ready.read_text())["clientId"])


async def run_once(tmp_path: Path, name: str) -> tuple[str, int]:
    """Start the command with a snapshot, stop it cleanly, give its client ID and exit code."""
    ready = str(tmp_path / name)
    process = await start("--snapshot", str(tmp_path / "state"), "--ready-file", ready)
    assert process.stdout is not None
    await process.stdout.readuntil(b"az cloud register")
    client = client_id(Path(ready))
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    return client, process.returncode or 0


async def test_the_command_keeps_its_owner_over_a_restart(tmp_path: Path) -> None:
    first, second = await run_once(tmp_path, "a.json"), await run_once(tmp_path, "b.json")
    assert first == second
    assert first[1] == 0


async def test_a_broken_snapshot_ends_the_command_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"nothing")
    process = await start("--snapshot", str(tmp_path / "state"))
    printed, _ = await process.communicate()
    assert process.returncode == 1
    assert b"is no snapshot of this emulator" in printed
    assert b"Traceback" not in printed
    assert SUBSCRIPTION.encode() not in printed
