"""The emulated Azure: a process of its own, asked over its control API and as ARM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from control_plane.processes import spawn
from demo.expectation import Unmet, expect
from demo.web import ask
from stage import Account
from stage.install import ROOT

_READY_WITHIN = 30.0
_END_WITHIN = 10.0
_API_VERSION = "2025-09-01"
_WRITING = frozenset({"PUT", "PATCH", "POST", "DELETE"})


@dataclass(frozen=True)
class Call:
    """One call that reached Azure."""

    surface: str
    method: str
    path: str
    status: int

    @property
    def writes(self) -> bool:
        """Whether it may have changed something, on ARM or in a vault."""
        return self.method in _WRITING and self.surface in ("arm", "vault")

    def __str__(self) -> str:
        return f"{self.method} {shortened(self.path)}"


class EmulatedAzure:
    """`azure-emulator`, from its start to its end; `ready` is what its ready-file says."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.ready: Mapping[str, Any] = {}

    def start(self, tell_pid: Callable[[int], None]) -> None:
        """Start it and wait until all listens. Raises Unmet when it does not come up."""
        self._folder.mkdir()
        ready = self._folder / "ready.json"
        command = [sys.executable, "-m", "azure_emulator", "--ready-file", str(ready)]
        self._process = spawn(
            [*command, "--directory", str(self._folder)],
            self._log,
            environ={**os.environ, "PYTHONPATH": str(ROOT / "operator")},
        )
        tell_pid(self._process.pid)
        give_up = time.monotonic() + _READY_WITHIN
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise Unmet("the emulated Azure listens", f"exit code {self._process.poll()}")
            time.sleep(0.05)
        self.ready = json.loads(ready.read_text())

    def stop(self) -> None:
        """Tell it to end; kill it if it does not within ten seconds."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def account(self) -> Account:
        """The service principal that the emulator made at its start."""
        ready = self.ready
        return Account(
            subscription_id=ready["subscriptionId"],
            tenant_id=ready["tenantId"],
            client_id=ready["clientId"],
            client_secret=ready["clientSecret"],
            resource_manager=ready["resourceManager"],
            active_directory=ready["activeDirectory"],
            ca_file=Path(ready["caFile"]),
        )

    def calls(self) -> Sequence[Call]:
        """List the calls so far, oldest first."""
        found = self._control("/calls")["calls"]
        return [Call(c["surface"], c["method"], c["path"], c["status"]) for c in found]

    def writes(self) -> Sequence[Call]:
        """List the calls so far that may have changed something."""
        return [call for call in self.calls() if call.writes]

    def state(self) -> dict[str, list[str]]:
        """Give the resource IDs that it holds, by section; empty sections are left out."""
        return {name: list(held) for name, held in self._control("/state").items() if held}

    def policy_holders(self, vault: str) -> list[str]:
        """List the object IDs that a vault has access policies for."""
        vaults = self._control("/state")["vaults"].values()
        properties = next(body["properties"] for body in vaults if body["name"] == vault)
        return [policy["objectId"] for policy in properties["accessPolicies"]]

    def identity_endpoint(self, group: str) -> str:
        """Give what stands for http://169.254.169.254 inside a container group."""
        named = urllib.parse.urlencode({"containerGroup": self.group_id(group)})
        return str(self._control(f"/identity-endpoint?{named}")["url"])

    def group_id(self, group: str) -> str:
        """Give the ARM ID of a container group of the samples' resource group."""
        return (
            f"/subscriptions/{self.ready['subscriptionId']}/resourceGroups/myResourceGroup"
            f"/providers/Microsoft.ContainerInstance/containerGroups/{group}"
        )

    def show_container(self, group: str) -> Mapping[str, Any]:
        """Give the instance view of a group's only container, from ARM as anybody would ask it."""
        account = self.account
        url = f"{account.resource_manager}{self.group_id(group)}?api-version={_API_VERSION}"
        answer = ask("GET", url, headers=_bearer(self._sign_in()), ca_file=account.ca_file)
        expect(f"GET of the container group {group}", 200, answer.status)
        view: Mapping[str, Any] = answer.body["properties"]["containers"][0]["properties"]
        return dict(view["instanceView"])

    def _sign_in(self) -> str:
        account = self.account
        form = {
            "grant_type": "client_credentials",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
            "scope": "https://management.azure.com/.default",
        }
        url = f"{account.active_directory}/{account.tenant_id}/oauth2/v2.0/token"
        data = urllib.parse.urlencode(form).encode()
        answer = ask("POST", url, data=data, ca_file=account.ca_file)
        expect("sign-in at the emulated Entra ID", 200, answer.status)
        return str(answer.body["access_token"])

    def _control(self, path: str) -> dict[str, Any]:
        answer = ask("GET", f"{self.ready['control']}{path}")
        expect(f"control API {path.partition('?')[0]}", 200, answer.status)
        return dict(answer.body)


def shortened(path: str) -> str:
    """Leave out of a path what all have in common: subscription, group, provider, api-version."""
    words = path.partition("?")[0].strip("/").split("/")
    if words[0] == "subscriptions":
        words = words[4:] or words[2:]
    if words[0] == "providers":
        words = words[2:]
    return "/".join(words)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
