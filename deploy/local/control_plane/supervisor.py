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
from types import FrameType

from control_plane import commands, processes
from control_plane.commands import Layout, Ports
from control_plane.errors import ControlPlaneError
from control_plane.programs import find_programs

READY_WITHIN = 120.0
_LOOK_FOR_PARENT_EVERY = 0.25
_ASK_EVERY = 0.05


class Running:
    """The processes of one control plane."""

    def __init__(self, work: Path, logs: Path) -> None:
        self._layout = Layout(work)
        self._logs = logs
        self._ports = Ports()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> dict[str, object]:
        """Start everything and give what the handle needs; returns once /readyz says yes.

        Raises ControlPlaneError with the end of a log when something does not come up.
        """
        programs = find_programs(os.environ)
        storage, peer, port = (self._ports.take() for _ in range(3))
        url = f"https://127.0.0.1:{port}"
        commands.write_keys(self._layout, url)
        self._spawn("etcd", commands.etcd(programs, self._layout, storage, peer))
        self._spawn("apiserver", commands.apiserver(programs, self._layout, port, storage))
        self._wait_until_ready(port)
        self._spawn("controllers", commands.controllers(programs, self._layout))
        pids = {name: process.pid for name, process in self._processes.items()}
        return {"url": url, "kubectl": str(programs.kubectl), "processes": pids}

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
                time.sleep(_ASK_EVERY)


def end_with(parent: int) -> None:
    """Make this process raise SystemExit, once, when it is told to stop or its parent is gone."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        ignore_signals()
        raise SystemExit(0)

    def look(signal_number: int, frame: FrameType | None) -> None:
        if os.getppid() != parent:
            leave(signal_number, frame)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_FOR_PARENT_EVERY, _LOOK_FOR_PARENT_EVERY)


def ignore_signals() -> None:
    """Let nothing interrupt the clean-up."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


def main() -> int:
    """Run a control plane until told to stop."""
    parent, work, logs = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    end_with(parent)
    running = Running(work, logs)
    try:
        _run(running, lambda state: print(json.dumps(state), flush=True))
    finally:
        ignore_signals()
        running.end()
    return 1


def _run(running: Running, tell: Callable[[dict[str, object]], None]) -> None:
    try:
        tell(running.start())
    except ControlPlaneError as error:
        tell({"error": str(error)})
        return
    try:
        while True:
            running.check()
            time.sleep(0.5)
    except ControlPlaneError as error:
        print(f"control plane: {error}", file=sys.stderr, flush=True)


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
