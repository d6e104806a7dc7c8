"""The operator as a process of its own: started, stopped, or killed in the middle of its work."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from control_plane.processes import spawn
from stage.install import ROOT

STOP_SECONDS = 45.0
"""As long as the Deployment's grace period."""


class OperatorProcess:
    """`aci-operator run` with a kubeconfig; its log is a file. Dies with its parent."""

    module = "aci_operator"
    """What Python runs; tests may wrap it."""

    def __init__(
        self,
        kubeconfig: Path,
        log: Path,
        arguments: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._kubeconfig = kubeconfig
        self.log = log
        self._arguments = tuple(arguments)
        self._environ = dict(environ or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process ID. Raises RuntimeError if it does not run."""
        if self._process is None:
            raise RuntimeError("the operator does not run")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; what it is to do is then seen in the cluster."""
        command = [sys.executable, "-m", self.module, "run"]
        options = ["--kubeconfig", str(self._kubeconfig), "--health-port", "0"]
        self._process = spawn(
            [*command, *options, *self._arguments],
            self.log,
            environ={
                **os.environ,
                "PYTHONPATH": str(ROOT / "operator"),
                # What a killed operator leaves there goes with its log.
                "TMPDIR": str(self.log.parent),
                **self._environ,
            },
        )

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def stop(self) -> int:
        """End it as Kubernetes does; give its exit code. Raises TimeoutError if it does not end."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(asyncio.to_thread(process.wait), STOP_SECONDS)

    def __enter__(self) -> OperatorProcess:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()
