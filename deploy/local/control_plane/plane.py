"""The handle on a control plane."""

from __future__ import annotations

import asyncio
import atexit
import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from control_plane import kubeconfig, signing, storage
from control_plane.certificates import Authority, Pair
from control_plane.commands import Layout
from control_plane.errors import ControlPlaneError
from control_plane.kubectl import Kubectl
from control_plane.programs import find_kubectl
from control_plane.toolchain import MODULE

_STOP_WITHIN = 20.0
_TOKEN_LIFETIME = "24h"


@dataclass(frozen=True)
class _Facts:
    """What the supervisor, or an existing cluster, tells about itself."""

    url: str
    kubectl: Path
    processes: Mapping[str, int]
    storage: int | None = None
    """The port of etcd, where it is ours."""


class ControlPlane:
    """A running Kubernetes API server and how to reach it. Make one with `start`.

    `url`: of the API server. `kubeconfig`: the administrator's. `ca_file`: what signs the API
    server's certificate. `kubectl`: the program. `processes`: process id by name, empty for a
    cluster that was there already. `logs`: the folder of their logs. `audit`: the log of what
    ServiceAccounts asked for, one JSON event a line; None for a cluster that was there already.
    """

    def __init__(
        self,
        work: Path,
        logs: Path,
        facts: _Facts,
        supervisor: subprocess.Popen[str] | None,
    ) -> None:
        self.url = facts.url
        self.kubectl = facts.kubectl
        self.processes = facts.processes
        self._storage = facts.storage
        self.logs = logs
        self.kubeconfig = Layout(work).admin
        self.ca_file = Layout(work).pki / "ca.crt"
        self.audit = None if supervisor is None else Layout(work).audit
        self._work = work
        self._supervisor = supervisor
        self._client = Kubectl(facts.kubectl, work / "kubectl-cache")
        self._numbers = itertools.count(1)
        atexit.register(self.stop)

    @classmethod
    def start(cls, log_dir: Path | None = None) -> ControlPlane:
        """Start a control plane; returns when it is ready, 3 to 6 s later once it is built.

        With `KUBECONFIG` set nothing is started: the handle is on that cluster. Without `log_dir`
        the logs go when the control plane does. Raises ControlPlaneError, with the end of the log
        of what did not come up.
        """
        work = Path(tempfile.mkdtemp(prefix="aci-operator-control-plane-"))
        try:
            if os.environ.get("KUBECONFIG"):
                return cls(work, work, _adopt(work), None)
            logs = (log_dir or work / "logs").absolute()
            logs.mkdir(parents=True, exist_ok=True)
            supervisor = _launch(work, logs)
            return cls(work, logs, _await_facts(supervisor), supervisor)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise

    def stop(self) -> None:
        """End every process that was started and remove their files; again is harmless."""
        atexit.unregister(self.stop)
        if self._supervisor is not None:
            _end(self._supervisor)
        shutil.rmtree(self._work, ignore_errors=True)

    def __enter__(self) -> ControlPlane:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def run_kubectl(
        self, *args: str, stdin: str | None = None, kubeconfig: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl, as the administrator unless told otherwise; KubectlError when it fails."""
        return self._client.run(args, kubeconfig or self.kubeconfig, stdin)

    async def kubectl_async(
        self, *args: str, stdin: str | None = None, kubeconfig: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Do what `run_kubectl` does without holding up the event loop."""
        return await asyncio.to_thread(self._client.run, args, kubeconfig or self.kubeconfig, stdin)

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        """Give a kubeconfig with a client certificate for a user, who has no rights by that."""
        entry = kubeconfig.certificate_user(self._sign(user, groups))
        return self._write_kubeconfig(entry)

    def kubeconfig_for_service_account(self, namespace: str, name: str) -> Path:
        """Give a kubeconfig with a token, good for a day, of a ServiceAccount.

        A new namespace has its `default` after a moment. Raises KubectlError for one that does not
        come within half a minute.
        """
        account = f"serviceaccount/{name}"
        self.run_kubectl("wait", "--for=create", account, "-n", namespace, "--timeout=30s")
        asked = ("create", "token", name, "-n", namespace, f"--duration={_TOKEN_LIFETIME}")
        return self._write_kubeconfig({"token": self.run_kubectl(*asked).stdout.strip()})

    def compact(self) -> int:
        """Have etcd forget every version but the current one, as a cluster does each 5 minutes.

        Gives the revision that is left. Raises ControlPlaneError for a cluster that was there
        already: its storage is not ours.
        """
        if self._storage is None:
            raise ControlPlaneError("the storage of a cluster that was there already is not ours")
        return storage.compact(self._storage, Layout(self._work).pki)

    def _sign(self, user: str, groups: Sequence[str]) -> Pair:
        if self._supervisor is None:
            return signing.ask_cluster(self._client, self.kubeconfig, user, groups)
        return Authority.load(Layout(self._work).pki, "ca").sign(user, groups)

    def _write_kubeconfig(self, user: Mapping[str, object]) -> Path:
        path = self._work / f"user-{next(self._numbers)}.kubeconfig"
        cluster = kubeconfig.cluster_entry(self.url, self.ca_file.read_bytes())
        return kubeconfig.write(path, cluster, user)


def _adopt(work: Path) -> _Facts:
    """Copy the current context of `KUBECONFIG`, so that a change of it changes nothing here."""
    program = find_kubectl(os.environ)
    client = Kubectl(program, work / "kubectl-cache")
    show = ("config", "view", "--raw", "--minify", "--flatten", "-o", "json")
    content = json.loads(client.run(show, Path(os.environ["KUBECONFIG"])).stdout)
    layout = Layout(work)
    layout.admin.touch(mode=0o600)
    layout.admin.write_text(json.dumps(content))
    layout.pki.mkdir()
    cluster = content["clusters"][0]["cluster"]
    authority = cluster.get("certificate-authority-data")
    if authority is None:
        raise ControlPlaneError("the cluster of KUBECONFIG names no certificate authority")
    (layout.pki / "ca.crt").write_bytes(base64.b64decode(authority))
    return _Facts(cluster["server"], program, {})


def _launch(work: Path, logs: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "control_plane.supervisor"]
    return subprocess.Popen(
        [*command, str(os.getpid()), str(work), str(logs)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(MODULE)},
        start_new_session=True,  # Ctrl-C is for us; we tell the supervisor
    )


def _await_facts(supervisor: subprocess.Popen[str]) -> _Facts:
    try:
        assert supervisor.stdout is not None
        line = supervisor.stdout.readline()
        if not line:
            raise ControlPlaneError("the control plane's supervisor ended without a word")
        told = json.loads(line)
        if "error" in told:
            raise ControlPlaneError(told["error"])
    except BaseException:
        _end(supervisor)
        raise
    pids = {"supervisor": supervisor.pid, **told["processes"]}
    return _Facts(told["url"], Path(told["kubectl"]), pids, told["storage"])


def _end(supervisor: subprocess.Popen[str]) -> None:
    if supervisor.poll() is None:
        supervisor.terminate()
    try:
        supervisor.wait(_STOP_WITHIN)
    except subprocess.TimeoutExpired:
        supervisor.kill()  # the kernel then kills its children
        supervisor.wait()
    if supervisor.stdout is not None:
        supervisor.stdout.close()
