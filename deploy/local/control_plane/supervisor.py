"""The process that owns a control plane: it starts it, watches it, and ends it with itself.

It is a process of its own so that one rule covers every end of the process that asked for it:
return, exception, Ctrl-C, SIGTERM or `kill -9`. It looks whether its parent is still there four
times a second; the kernel in turn kills its children when it dies. It has one thread, which the
kernel's rule needs.

Usage: `python -m control_plane.supervisor PARENT_PID WORK_FOLDER LOG_FOLDER`; it prints one line
of JSON once the control plane is ready, or `{"error": ...}`.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from control_plane import commands, processes
from control_plane.commands import Layout, Ports
from control_plane.errors import ControlPlaneError
from control_plane.programs import find_programs

READY_WITHIN = 120.0
_LOOK_FOR_PARENT_EVERY = 0.25
_ASK_EVERY = 0.05
_CHECK_EVERY = 0.5
_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class Running:
    """The processes of one control plane."""

    def __init__(self, work: Path, logs: Path, pause: Callable[[float], None]) -> None:
        self._layout = Layout(work)
        self._logs = logs
        self._pause = pause
        self._ports = Ports()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> dict[str, object]:
        """Start everything and give what the handle needs; returns once /readyz says yes.

        Raises ControlPlaneError with the end of a log when something does not come up.
        """
        programs = find_programs(os.environ, self._pause)
        storage, peer, port = (self._ports.take() for _ in range(3))
        url = f"https://127.0.0.1:{port}"
        commands.write_keys(self._layout, url)
        commands.write_audit_policy(self._layout)
        self._spawn("etcd", commands.etcd(programs, self._layout, storage, peer))
        self._spawn("apiserver", commands.apiserver(programs, self._layout, port, storage))
        self._wait_until_ready(port)
        self._spawn("controllers", commands.controllers(programs, self._layout))
        pids = {name: process.pid for name, process in self._processes.items()}
        found = {"url": url, "storage": storage, "kubectl": str(programs.kubectl)}
        return {**found, "processes": pids}

    def run(self, tell: Callable[[dict[str, object]], None]) -> None:
        """Start, tell how that went, and watch; returns only when it did not come up.

        Raises ControlPlaneError when one of the processes ends, SystemExit when it is time to go.
        """
        try:
            tell(self.start())
        except ControlPlaneError as error:
            tell({"error": str(error)})
            return
        while True:
            self._pause(_CHECK_EVERY)
            self.check()

    def check(self) -> None:
        """Raise ControlPlaneError when one of the processes has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise ControlPlaneError(
                    f"{name} ended with code {process.returncode}:\n"
                    f"{processes.last_lines(self._logs / f'{name}.log')}"
                )

    def end(self) -> None:
        """End all processes and remove their files."""
        for process in reversed(self._processes.values()):
            processes.end(process)
        self._ports.close()
        shutil.rmtree(self._layout.work, ignore_errors=True)

    def _spawn(self, name: str, command: Sequence[str]) -> None:
        self._processes[name] = processes.spawn(command, self._logs / f"{name}.log")

    def _wait_until_ready(self, port: int) -> None:
        client = ssl.create_default_context(cafile=str(self._layout.pki / "ca.crt"))
        client.load_cert_chain(self._layout.pki / "admin.crt", self._layout.pki / "admin.key")
        give_up = time.monotonic() + READY_WITHIN
        # The namespace comes a moment after /readyz, and everybody counts on it.
        for path in ("/readyz", "/api/v1/namespaces/default"):
            while not _answers(port, client, path):
                self.check()
                if time.monotonic() > give_up:
                    log = processes.last_lines(self._logs / "apiserver.log")
                    raise ControlPlaneError(f"not ready after {READY_WITHIN:.0f} s:\n{log}")
                self._pause(_ASK_EVERY)


class Leash:
    """Tells when to leave: a signal came, or the parent is gone.

    Signals are blocked and asked for where the code waits, so none can interrupt a step half-way.
    """

    def __init__(self, parent: int) -> None:
        self._parent = parent
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)

    def pause(self, seconds: float) -> None:
        """Sleep at least that long, or raise SystemExit as soon as it is time to leave."""
        end = time.monotonic() + seconds
        while True:
            left = max(0.0, end - time.monotonic())
            told = signal.sigtimedwait(_SIGNALS, min(left, _LOOK_FOR_PARENT_EVERY))
            if told is not None or os.getppid() != self._parent:
                raise SystemExit(0)
            if time.monotonic() >= end:
                return


def main() -> int:
    """Run a control plane until told to stop."""
    parent, work, logs = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    running = Running(work, logs, Leash(parent).pause)
    try:
        running.run(lambda told: print(json.dumps(told), flush=True))
    except ControlPlaneError as error:
        print(f"control plane: {error}", file=sys.stderr, flush=True)
    finally:
        running.end()
    return 1


def _answers(port: int, client: ssl.SSLContext, path: str) -> bool:
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=client, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
