"""The whole state of an emulated Azure in a file, secret values too.

The file is a Python pickle of plain data and the emulator's own data classes; reading it makes
nothing else, whatever the file says. It is for the same version of the emulator.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
from collections import Counter, defaultdict
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.keeping import Keeping, Kept

_HEAD = b"azure-emulator snapshot 1\n"
_PACKAGE = "azure_emulator."
_PLAIN = {
    ("collections", "Counter"): Counter,
    ("collections", "defaultdict"): defaultdict,
    ("builtins", "list"): list,
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
}
_OWN = ("Secrets", "Tally", "Behaviours")
"""The emulator's classes that hold state without being data classes."""


class SnapshotError(Exception):
    """A file that is no snapshot of this emulator; the text says why."""


def save(cloud: Cloud, path: Path) -> None:
    """Write all state (mode 0600, complete or not at all); raises OSError."""
    state = {name: holder.kept() for name, holder in _holders(cloud).items()}
    whole = {"places": _places(cloud), "state": state}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(_HEAD)
        pickle.dump(whole, file, protocol=pickle.HIGHEST_PROTOCOL)
    draft.replace(path)


def load(cloud: Cloud, path: Path) -> None:
    """Take the state of a file, in the loop in which the emulator runs.

    Raises SnapshotError, OSError; then nothing has changed.
    """
    whole = _read(path)
    if whole["places"] != _places(cloud):
        raise SnapshotError(f"{path} is of another tenant or of other subscriptions")
    holders = _holders(cloud)
    for name, holder in holders.items():
        if not set(holder.KEPT) <= whole["state"].get(name, {}).keys():
            raise SnapshotError(f"{path} is of another version of the emulator")
    for name, holder in holders.items():
        holder.restore(whole["state"][name])
    for provider in cloud.providers:
        if isinstance(provider, Keeping):
            provider.restored()


def _read(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    if not raw.startswith(_HEAD):
        raise SnapshotError(f"{path} is no snapshot of this emulator")
    try:
        whole = _Reader(io.BytesIO(raw[len(_HEAD) :])).load()
        return {"places": whole["places"], "state": dict(whole["state"])}
    except SnapshotError:
        raise
    except Exception as error:  # what a broken pickle raises is not promised
        raise SnapshotError(f"{path} cannot be read: {type(error).__name__}") from None


class _Reader(pickle.Unpickler):
    """Makes plain data and the emulator's own data classes, nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        if module.startswith(_PACKAGE) and "." not in name:
            found = getattr(importlib.import_module(module), name, None)
            own = isinstance(found, type) and found.__module__ == module
            if own and (is_dataclass(found) or name in _OWN):
                return found
        raise SnapshotError(f"the snapshot asks for {module}.{name}, which none holds")


def _holders(cloud: Cloud) -> dict[str, Kept]:
    found: dict[str, Kept] = {
        "clock": cloud.clock,
        "directory": cloud.directory,
        "assertions": cloud.directory.assertions,
        "assignments": cloud.authorization.assignments,
        "groups": cloud.groups,
        "identities": cloud.identities,
    }
    for provider in cloud.providers:
        if isinstance(provider, Keeping):
            holders = provider.holders().items()
            found.update({f"{provider.namespace}/{name}": holder for name, holder in holders})
    return found


def _places(cloud: Cloud) -> tuple[str, ...]:
    return (cloud.settings.tenant_id, *cloud.settings.subscription_ids)
