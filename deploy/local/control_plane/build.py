"""Building the control plane once, into a cache outside the tree."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from control_plane import processes
from control_plane.errors import ControlPlaneError
from control_plane.toolchain import MODULE, Go, find_go

_REPORT_EVERY = 10.0
_VERSION_VARIABLE = "k8s.io/component-base/version"


def folder(environ: Mapping[str, str]) -> Path:
    """Give the folder of the built programs: one per go.mod, go.sum and platform."""
    pinned = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        pinned.update((MODULE / name).read_bytes())
    pinned.update(f"{platform.system()}/{platform.machine()}".encode())
    return _cache(environ) / pinned.hexdigest()[:16]


def ensure_built(environ: Mapping[str, str], pause: Callable[[float], None] = time.sleep) -> Path:
    """Build what is not built yet and give its folder; `pause` sleeps, or raises to give up.

    Takes minutes the first time and says so on stderr; a second process waits for the first.
    Raises ControlPlaneError with the end of Go's output when the build fails.
    """
    target = folder(environ)
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.with_suffix(".lock"), pause):
        if not target.is_dir():
            _build(target, environ, pause)
    return target


def _build(target: Path, environ: Mapping[str, str], pause: Callable[[float], None]) -> None:
    go = find_go(environ)
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    log = target.with_suffix(".log")
    log.unlink(missing_ok=True)
    settings = _go_environment(go, environ, target.parent / "go")
    _say(
        f"building etcd and Kubernetes {kubernetes_version()} with Go {go.version}, once;"
        f" about five minutes on two cores ({target})"
    )
    started = time.monotonic()
    process = processes.spawn([*go.command, *_arguments(partial)], log, settings)
    try:
        _follow(process, log, pause)
    finally:
        processes.end(process)
    if process.returncode != 0:
        raise ControlPlaneError(f"go build failed:\n{processes.last_lines(log)}")
    (partial / "server").rename(partial / "etcd")  # Go names a program after its folder
    partial.rename(target)
    log.unlink()
    if go.borrowed:
        shutil.rmtree(target.parent / "go", ignore_errors=True)
    _say(f"built in {time.monotonic() - started:.0f} s")


def kubernetes_version() -> str:
    """Give the pinned version of Kubernetes, such as v1.34.4."""
    found = re.search(r"\bk8s\.io/kubernetes (v\S+)", _go_mod(), re.MULTILINE)
    if found is None:
        raise ControlPlaneError("go.mod does not pin k8s.io/kubernetes")
    return found[1]


def _follow(process: subprocess.Popen[bytes], log: Path, pause: Callable[[float], None]) -> None:
    started = reported = time.monotonic()
    while process.poll() is None:
        pause(0.2)
        if time.monotonic() - reported >= _REPORT_EVERY:
            reported = time.monotonic()
            _say(f"{reported - started:4.0f} s: {_progress(log)}")


def _arguments(output: Path) -> list[str]:
    """Link the version in, which the API server would otherwise report as unknown."""
    version = kubernetes_version()
    major, minor, _ = version.removeprefix("v").split(".", 2)
    stamped = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    variables = [f"-X {_VERSION_VARIABLE}.{name}={value}" for name, value in stamped.items()]
    return [
        *("build", "-C", str(MODULE), "-v", "-trimpath", "-buildvcs=false", "-mod=readonly"),
        *("-ldflags", " ".join(["-s", "-w", *variables]), "-o", f"{output}{os.sep}", "tool"),
    ]


def _go_environment(go: Go, environ: Mapping[str, str], own_caches: Path) -> dict[str, str]:
    """Take away what would change the outcome; leave proxies and certificates as they are.

    A borrowed Go keeps its two gigabytes of caches apart, so that they can be thrown away.
    """
    settings = {
        **environ,
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "GOFLAGS": "-modcacherw",
    }
    if go.borrowed:
        settings |= {"GOPATH": str(own_caches), "GOCACHE": str(own_caches / "build")}
    return settings


def _progress(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    compiled = [line for line in lines if not line.startswith("go: ")]
    if not compiled:
        return f"{len(lines)} modules fetched" if lines else "linking what Go's cache holds"
    return f"{len(compiled)} packages compiled, now {compiled[-1]}"


@contextmanager
def _locked(path: Path, pause: Callable[[float], None]) -> Iterator[None]:
    """Hold a lock that the system lets go of when the holder dies."""
    with path.open("w") as file:
        waiting = False
        while not _try_lock(file):
            if not waiting:
                _say("another process is building the control plane; waiting for it")
            waiting = True
            pause(0.5)
        yield


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _cache(environ: Mapping[str, str]) -> Path:
    root = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(root) / "aci-operator" / "control-plane"


def _go_mod() -> str:
    return (MODULE / "go.mod").read_text()


def _say(text: str) -> None:
    print(f"control plane: {text}", file=sys.stderr, flush=True)
