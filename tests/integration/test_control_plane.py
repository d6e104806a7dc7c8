"""The control plane is a real one, and nothing of it outlives the one who asked for it."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from control_plane import ControlPlane, ControlPlaneError, KubectlError
from control_plane.build import ensure_built, kubernetes_version

ENDS_WITHIN = 30.0
ASKER = """
import json, signal
from control_plane import ControlPlane
# Whoever runs the tests in the background has SIGINT ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
with ControlPlane.start() as running:
    print(json.dumps(dict(running.processes)), flush=True)
    signal.pause()
"""


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    name = f"control-plane-{secrets.token_hex(4)}"
    control_plane.run_kubectl("create", "namespace", name)
    yield name
    control_plane.run_kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that control planes started by the test put their files in."""
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_built_server_says_the_pinned_version() -> None:
    server = ensure_built(os.environ) / "kube-apiserver"
    told = subprocess.run([server, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == f"Kubernetes {kubernetes_version()}\n"


def test_stranger_is_refused(control_plane: ControlPlane) -> None:
    stranger = control_plane.kubeconfig_for("stranger", ["strangers"])
    with pytest.raises(KubectlError) as refused:
        control_plane.run_kubectl("get", "secrets", kubeconfig=stranger)
    assert refused.value.stderr == (
        'Error from server (Forbidden): secrets is forbidden: User "stranger" cannot list'
        ' resource "secrets" in API group "" in the namespace "default"\n'
    )


async def test_service_account_acts_as_itself(control_plane: ControlPlane, namespace: str) -> None:
    await control_plane.kubectl_async("create", "serviceaccount", "worker", "-n", namespace)
    worker = control_plane.kubeconfig_for_service_account(namespace, "worker")
    asked = ("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
    told = await control_plane.kubectl_async(*asked, kubeconfig=worker)
    assert told.stdout == f"system:serviceaccount:{namespace}:worker"


def test_deleted_namespace_goes_away(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.run_kubectl("create", "configmap", "inside", "-n", namespace)
    control_plane.run_kubectl("delete", "namespace", namespace, "--timeout=60s")
    with pytest.raises(KubectlError, match="NotFound"):
        control_plane.run_kubectl("get", "namespace", namespace)


def test_object_of_a_deleted_owner_is_collected(
    control_plane: ControlPlane, namespace: str
) -> None:
    there = ("-n", namespace)
    control_plane.run_kubectl("create", "configmap", "owner", *there)
    uid = ("get", "configmap", "owner", *there, "-o", "jsonpath={.metadata.uid}")
    owned = a_configmap("owned", owner="owner", uid=control_plane.run_kubectl(*uid).stdout)
    control_plane.run_kubectl("create", "-f", "-", *there, stdin=json.dumps(owned))
    control_plane.run_kubectl("delete", "configmap", "owner", *there)
    wait = ("wait", "--for=delete", "configmap/owned", "--timeout=60s")
    control_plane.run_kubectl(*wait, *there)
    with pytest.raises(KubectlError, match="NotFound"):
        control_plane.run_kubectl("get", "configmap", "owned", *there)


def test_cluster_of_kubeconfig_is_used_as_it_is(
    control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig))
    with ControlPlane.start() as adopted:
        jane = adopted.kubeconfig_for("jane", ["readers"])
        asked = ("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
        told = adopted.run_kubectl(*asked, kubeconfig=jane).stdout
        facts = (adopted.url, dict(adopted.processes), told)
    assert facts == (control_plane.url, {}, "jane")


def test_stop_ends_every_process_and_removes_the_files(temporary: Path) -> None:
    running = ControlPlane.start()
    assert sorted(running.processes) == ["apiserver", "controllers", "etcd", "supervisor"]
    running.stop()
    assert alive(running.processes) == []
    assert left_in(temporary) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_end_of_the_asker_is_the_end_of_all(temporary: Path, number: signal.Signals) -> None:
    with asker() as process, ExitStack() as handles:
        assert process.stdout is not None
        pids: Mapping[str, int] = json.loads(process.stdout.readline())
        watched = {name: handles.enter_context(open_process(pid)) for name, pid in pids.items()}
        process.send_signal(number)
        process.wait()
        assert [name for name, handle in watched.items() if not ends(handle)] == []
    assert left_in(temporary) == []


def test_end_of_the_supervisor_is_the_end_of_all(temporary: Path) -> None:
    with ControlPlane.start() as running, ExitStack() as handles:
        pids = dict(running.processes)
        watched = {name: handles.enter_context(open_process(pid)) for name, pid in pids.items()}
        os.kill(pids["supervisor"], signal.SIGKILL)
        assert [name for name, handle in watched.items() if not ends(handle)] == []
    assert left_in(temporary) == []


def test_server_that_does_not_come_up_is_told_with_its_log(
    temporary: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets, real = tmp_path_factory.mktemp("assets"), ensure_built(os.environ)
    for name in ("etcd", "kube-controller-manager", "kubectl"):
        (assets / name).symlink_to(real / name)
    (assets / "kube-apiserver").write_text("#!/bin/sh\necho the flag is wrong\nexit 3\n")
    (assets / "kube-apiserver").chmod(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets))
    with pytest.raises(ControlPlaneError) as failed:
        ControlPlane.start()
    assert str(failed.value) == "apiserver ended with code 3:\nthe flag is wrong"
    assert left_in(temporary) == []
    assert with_files_in(temporary) == []


def a_configmap(name: str, *, owner: str, uid: str) -> dict[str, object]:
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": owner, "uid": uid}
    metadata = {"name": name, "ownerReferences": [reference]}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


def asker() -> subprocess.Popen[str]:
    """Start another Python that asks for a control plane and prints its process ids."""
    found = os.pathsep.join(sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", ASKER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": found},
    )


@contextmanager
def open_process(pid: int) -> Iterator[int]:
    """Give a handle on a process, which cannot come to mean another one."""
    handle = os.pidfd_open(pid)
    try:
        yield handle
    finally:
        os.close(handle)


def ends(handle: int) -> bool:
    readable, _, _ = select.select([handle], [], [], ENDS_WITHIN)
    return bool(readable)


def alive(processes: Mapping[str, int]) -> list[str]:
    return [name for name, pid in processes.items() if Path(f"/proc/{pid}").exists()]


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("aci-operator")]


def with_files_in(folder: Path) -> list[str]:
    """Name the processes whose command lines point into a folder."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_text(errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return [line for line in lines if str(folder) in line]
