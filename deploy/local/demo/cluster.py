"""kubectl in the demo's namespace, shown as a user would type it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from control_plane import ControlPlane, KubectlError
from demo.expectation import Unmet
from demo.narrator import Narrator
from stage.install import ROOT

NAMESPACE = "demo"
MANIFESTS = Path(__file__).with_name("manifests")
"""What the demo applies beside `deploy/samples`."""


class Cluster:
    """A control plane seen through kubectl; `samples` is shown as the folder `samples`."""

    def __init__(self, plane: ControlPlane, narrator: Narrator, samples: Path) -> None:
        self._plane = plane
        self._narrator = narrator
        self._samples = samples

    def show(self, *arguments: str) -> None:
        """Run kubectl in the namespace; show the command and its output."""
        self.show_anywhere("-n", NAMESPACE, *arguments)

    def show_anywhere(self, *arguments: str, kubeconfig: Path | None = None) -> str:
        """Do the same without a namespace, as somebody else if told; give the output, too."""
        self._narrator.command(self._typed(arguments))
        try:
            done = self._plane.run_kubectl(*arguments, kubeconfig=kubeconfig)
        except KubectlError as error:
            raise Unmet("a command without an error", error.stderr.strip()) from None
        self._narrator.output(done.stderr + done.stdout)
        return str(done.stdout)

    def get(self, target: str) -> Mapping[str, Any]:
        """Read one object, for example `containergroup/mycontainer`."""
        found: Mapping[str, Any] = json.loads(self._read("get", target, "-o", "json"))
        return found

    def vault_uri(self) -> str:
        """Give the address of the samples' vault, as its status says."""
        return str(self.get("keyvault/mykeyvault")["status"]["vaultUri"])

    def wait_ready(self, *targets: str, seconds: int = 60) -> None:
        """Wait until these objects, or all of ours in the namespace, are Ready."""
        wanted = targets or ("aci", "--all")
        waiting = ("-n", NAMESPACE, "wait", "--for=condition=Ready", f"--timeout={seconds}s")
        self._narrator.command(self._typed([*waiting, *wanted]))
        try:
            self._plane.run_kubectl(*waiting, *wanted)
        except KubectlError:
            raise Unmet(f"Ready within {seconds} s", self._not_ready()) from None

    def _read(self, *arguments: str) -> str:
        return str(self._plane.run_kubectl("-n", NAMESPACE, *arguments).stdout)

    def _objects(self) -> Sequence[Mapping[str, Any]]:
        items: Sequence[Mapping[str, Any]] = json.loads(self._read("get", "aci", "-o", "json"))[
            "items"
        ]
        return items

    def _not_ready(self) -> str:
        told = [f"{_name(item)}: {why}" for item in self._objects() if (why := why_not_ready(item))]
        return "; ".join(told) or "all Ready, but too late"

    def _typed(self, arguments: Sequence[str]) -> str:
        line = shlex.join(["kubectl", *arguments])
        return line.replace(str(self._samples), "samples").replace(f"{ROOT}/", "")


def why_not_ready(item: Mapping[str, Any]) -> str:
    """Give reason and message of an object's Ready condition, empty when it is Ready."""
    conditions = item.get("status", {}).get("conditions", [])
    ready = next((found for found in conditions if found["type"] == "Ready"), None)
    if ready is None:
        return "no Ready condition"
    return "" if ready["status"] == "True" else f"{ready['reason']}: {ready['message']}"


def _name(item: Mapping[str, Any]) -> str:
    return f"{item['kind'].lower()}/{item['metadata']['name']}"
