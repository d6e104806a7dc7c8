"""Where the programs of a control plane come from."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from control_plane.build import ensure_built
from control_plane.errors import ControlPlaneError

_CONTROLLERS = "kube-controller-manager"


@dataclass(frozen=True)
class Programs:
    """The paths of the four programs."""

    etcd: Path
    apiserver: Path
    controllers: Path
    kubectl: Path


def find_programs(
    environ: Mapping[str, str], pause: Callable[[float], None] = time.sleep
) -> Programs:
    """Take the programs from `KUBEBUILDER_ASSETS` when that is set, else build them.

    envtest ships no kube-controller-manager; it is then built, for without it no namespace goes
    away and nothing is garbage-collected. Raises ControlPlaneError when a program is missing.
    """
    named = environ.get("KUBEBUILDER_ASSETS")
    if not named:
        built = ensure_built(environ, pause)
        return _programs(built, built)
    assets = Path(named)
    if (assets / _CONTROLLERS).exists():
        return _programs(assets, assets)
    print(
        f"control plane: KUBEBUILDER_ASSETS has no {_CONTROLLERS}; taking our own",
        file=sys.stderr,
        flush=True,
    )
    return _programs(assets, ensure_built(environ, pause))


def find_kubectl(environ: Mapping[str, str]) -> Path:
    """Give a kubectl for a cluster that is there already: the one on PATH, else the built one."""
    own = shutil.which("kubectl", path=environ.get("PATH"))
    return Path(own) if own else find_programs(environ).kubectl


def _programs(assets: Path, controllers: Path) -> Programs:
    found = Programs(
        etcd=assets / "etcd",
        apiserver=assets / "kube-apiserver",
        controllers=controllers / _CONTROLLERS,
        kubectl=assets / "kubectl",
    )
    for program in (found.etcd, found.apiserver, found.controllers, found.kubectl):
        if not os.access(program, os.X_OK):
            raise ControlPlaneError(f"{program} is missing or cannot be run")
    return found
