"""The command `python -m control_plane`: build, up or path."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from control_plane.build import folder
from control_plane.errors import ControlPlaneError
from control_plane.plane import ControlPlane
from control_plane.programs import find_kubectl, find_programs


def main() -> int:
    """Run the command and give the exit code: 1 when something cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m control_plane", description=__doc__)
    actions: dict[str, Callable[[], None]] = {"build": _build, "up": _up, "path": _path}
    parser.add_argument(
        "action",
        choices=actions,
        help="build: get the programs ready, once; up: run until Ctrl-C; path: where they are kept",
    )
    action = actions[parser.parse_args().action]
    signal.signal(signal.SIGTERM, _leave)
    try:
        action()
    except ControlPlaneError as error:
        print(f"control plane: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _build() -> None:
    if os.environ.get("KUBECONFIG"):
        find_kubectl(os.environ)
    else:
        find_programs(os.environ)


def _up() -> None:
    with ControlPlane.start() as running:
        print(f"export KUBECONFIG={running.kubeconfig}")
        print(f"export PATH={running.kubectl.parent}:$PATH", flush=True)
        print("control plane: ready; Ctrl-C ends it", file=sys.stderr, flush=True)
        while True:
            signal.pause()


def _path() -> None:
    print(folder(os.environ))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
