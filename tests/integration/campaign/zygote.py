"""`python -m integration.campaign.zygote`: the operator, imported once and forked at each start.

A line of JSON on standard input is an order: `{"arguments", "log"}` starts an operator, `{"kill"}`
kills one as `kill -9` does. The answer is a line with the process ID.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import traceback
from typing import Any

from aci_operator.__main__ import main as operator

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Obey until standard input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = _end(order["kill"]) if "kill" in order else _fork(order)
        print(pid, flush=True)


def _end(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return pid


def _fork(order: dict[str, Any]) -> int:
    parent, pid = os.getpid(), os.fork()
    if pid == 0:
        code = 1
        with contextlib.suppress(BaseException):
            code = _run(order, parent)
        os._exit(code)
    return pid


def _run(order: dict[str, Any], parent: int) -> int:
    """Be the operator, with its log for standard output and error; give the exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return 1
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    try:
        operator(order["arguments"])
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    return 1


if __name__ == "__main__":
    main()
