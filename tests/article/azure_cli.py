"""The pinned Azure CLI in an environment of its own, installed once into a cache outside the tree.

`python -m article.azure_cli` installs it and prints the path of `az`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

VERSION = "2.91.0"
_LOCK = Path(__file__).with_name("azure-cli.lock")
"""All 150 packages by version, so that a new release of one changes nothing here."""
_ROOT = Path(__file__).parents[2]


class NotInstalled(Exception):
    """The Azure CLI cannot be had; the text says what to do."""


def ensure_installed(environ: Mapping[str, str]) -> Path:
    """Install what is not there yet and give the path of `az`.

    The first time it fills 370 MB and says so on stderr; a second process waits for the first.
    Raises NotInstalled.
    """
    target = folder(environ)
    program = target / "bin" / "az"
    done = target / "complete"
    target.mkdir(parents=True, exist_ok=True)
    with _locked(target / "lock"):
        if not done.exists():
            _install(target, environ)
            done.touch()
    return program


def folder(environ: Mapping[str, str]) -> Path:
    """Give the folder of the installed program: one per lock file and Python."""
    pinned = hashlib.sha256(_LOCK.read_bytes())
    pinned.update(f"{sys.version_info[:2]}".encode())
    root = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(root) / "aci-operator" / "azure-cli" / pinned.hexdigest()[:16]


def _install(target: Path, environ: Mapping[str, str]) -> None:
    uv = _find_uv(environ)
    print(
        f"azure cli: installing {VERSION} into {target}, once (370 MB)", file=sys.stderr, flush=True
    )
    command = [uv, "tool", "install", "--force", "--constraints", str(_LOCK)]
    done = subprocess.run(
        [*command, "--python", sys.executable, f"azure-cli=={VERSION}"],
        env={
            **environ,
            "PATH": f"{target / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}",
            "UV_TOOL_DIR": str(target / "tools"),
            "UV_TOOL_BIN_DIR": str(target / "bin"),
        },
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        check=False,
    )
    if done.returncode != 0:
        raise NotInstalled(f"uv could not install azure-cli {VERSION}; what it said stands above")


def _find_uv(environ: Mapping[str, str]) -> str:
    beside = _ROOT / ".tools" / "bin" / "uv"
    named = environ.get("UV") or shutil.which("uv", path=environ.get("PATH"))
    found = named or (str(beside) if os.access(beside, os.X_OK) else None)
    if found is None:
        raise NotInstalled(
            f"installing azure-cli {VERSION} takes uv, which is not on PATH. `make article-cli` "
            "brings it along."
        )
    return found


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when the holder dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Install it and print where; 1 when that fails."""
    try:
        print(ensure_installed(os.environ))
    except NotInstalled as error:
        print(f"azure cli: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
