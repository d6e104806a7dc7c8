"""Processes that end with the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PRCTL: Callable[..., int] | None = (
    ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None
)


def spawn(
    command: Sequence[str], log: Path, environ: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a command in a group of its own, its output appended to `log`.

    On Linux the kernel kills it when the calling process dies, however that dies. The kernel ties
    this to the calling *thread*, so only call it from a main thread.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environ is None else dict(environ),
            preexec_fn=_dies_with(os.getpid()),
            process_group=0,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process of `spawn` and the group it leads, at once, and collect it.

    Nothing here needs a graceful end: the data is thrown away.
    """
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def last_lines(log: Path, count: int = 15) -> str:
    """Give the end of a log, for an error text; empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def _dies_with(parent: int) -> Callable[[], None]:
    def ask_kernel() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if _PRCTL is None:
            return
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # died between fork and the line above
            os._exit(1)

    return ask_kernel
