"""Control plane, emulated Azure and operator come up; what has to end is put on a stack."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from control_plane import ControlPlane
from demo.azure import EmulatedAzure
from demo.cluster import NAMESPACE, Cluster
from demo.expectation import Unmet, expect
from demo.narrator import Narrator
from demo.scene import Scene
from stage import OPERATOR_NAMESPACE, OperatorProcess, install, prepare_samples
from stage.install import ROOT

PACE = ("--poll-interval", "2")
"""Seconds; far more often than by default, so that a few looks at Azure fit into a demo."""

_OPERATOR = f"system:serviceaccount:{OPERATOR_NAMESPACE}:aci-operator"


@dataclass
class Installation:
    """Brings the scene up. `logs` must exist; `exits` takes all down, last first."""

    folder: Path
    logs: Path
    narrator: Narrator
    exits: ExitStack
    processes: dict[int, str] = field(default_factory=dict)

    def open(self) -> Scene:
        """Tell the first steps; give what the others work with."""
        self.exits.callback(_expect_gone, self.processes)
        plane = self._start_control_plane()
        samples = self.folder / "samples"
        cluster = Cluster(plane, self.narrator, samples)
        azure = self._start_azure()
        kubeconfig = self._install(plane, cluster)
        operator = self._start_operator(plane, cluster, kubeconfig)
        prepare_samples(samples, azure.account)
        held = azure.state()
        return Scene(self.narrator, plane, cluster, azure, operator, samples, held, self.processes)

    def _start_control_plane(self) -> ControlPlane:
        self.narrator.step("A Kubernetes control plane, real but without nodes")
        plane = ControlPlane.start(self.logs)
        self.exits.callback(plane.stop)
        self.processes.update({pid: name for name, pid in plane.processes.items()})
        Cluster(plane, self.narrator, self.folder).show_anywhere("get", "namespaces")
        return plane

    def _start_azure(self) -> EmulatedAzure:
        self.narrator.step("An emulated Azure, another process on loopback ports")
        azure = EmulatedAzure(self.folder / "azure", self.logs / "emulator.log")
        self.exits.callback(azure.stop)
        azure.start(lambda pid: self.processes.update({pid: "azure-emulator"}))
        self.narrator.command("python -m azure_emulator --ready-file ready.json")
        for name in ("resourceManager", "activeDirectory", "control", "subscriptionId"):
            self.narrator.output(f"{name:<16} {azure.ready[name]}")
        return azure

    def _install(self, plane: ControlPlane, cluster: Cluster) -> Path:
        self.narrator.step("The operator is installed: kinds, ServiceAccount and rights")
        if not plane.processes:
            self._take_over(plane)
        self.narrator.command("kubectl apply -k deploy/kustomize/base")
        kubeconfig = install(plane)
        cluster.show_anywhere("api-resources", "--categories=aci", "--sort-by=name")
        who = ("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
        expect("the operator's name", _OPERATOR, cluster.show_anywhere(*who, kubeconfig=kubeconfig))
        return kubeconfig

    def _start_operator(
        self, plane: ControlPlane, cluster: Cluster, kubeconfig: Path
    ) -> OperatorProcess:
        self.narrator.step("The operator starts, as that ServiceAccount and with no other right")
        operator = OperatorProcess(kubeconfig, self.logs / "operator.log", PACE)
        self.exits.callback(operator.kill)
        if not plane.processes:
            self.exits.callback(_delete_namespace, plane)
        start_operator(self.narrator, operator, self.processes)
        cluster.show_anywhere("create", "namespace", NAMESPACE)
        return operator

    def _take_over(self, plane: ControlPlane) -> None:
        """Refuse a cluster that has the operator or the namespace; else promise to clean it up."""
        asked = ("get", "crd/containergroups.aci-operator.io", f"namespace/{NAMESPACE}")
        found = plane.run_kubectl(*asked, "--ignore-not-found", "-o", "name").stdout.split()
        if found:
            raise Unmet("a cluster without the operator and without the demo's namespace", found)
        self.exits.callback(_uninstall, plane)


def start_operator(
    narrator: Narrator, operator: OperatorProcess, processes: dict[int, str]
) -> None:
    """Start the operator's process and show how."""
    operator.start()
    processes[operator.pid] = "aci-operator"
    narrator.command(f"aci-operator run --kubeconfig OF_THE_SERVICE_ACCOUNT {' '.join(PACE)}")


def _delete_namespace(plane: ControlPlane) -> None:
    plane.run_kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=90s")


def _uninstall(plane: ControlPlane) -> None:
    base = str(ROOT / "deploy/kustomize/base")
    plane.run_kubectl("delete", "-k", base, "--ignore-not-found", "--timeout=90s")


def _expect_gone(processes: dict[int, str]) -> None:
    """Raise Unmet if one of the processes still runs."""
    left = [f"{name} ({pid})" for pid, name in processes.items() if _runs(pid)]
    expect("processes left running", [], left)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # the number is somebody else's by now
    return True
