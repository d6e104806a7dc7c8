"""Every call that reached the emulator, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Surface = Literal["arm", "entra", "vault", "identity", "graph"]

_WRITES = frozenset({"PUT", "PATCH", "POST", "DELETE"})
_BODY_BYTES_KEPT = 256 * 1024


@dataclass(frozen=True)
class Call:
    """One call: `path` carries the api-version as its only query; `oid` is "" if unknown.

    `body` is the JSON that was sent (None for none, or if it was larger than 256 KiB). It may
    hold secrets: it is for tests in this process, and shown nowhere.
    """

    surface: Surface
    method: str
    path: str
    status: int
    oid: str
    time: float
    body: Any = field(default=None, repr=False, compare=False)

    def shown(self) -> dict[str, Any]:
        """Give what may be shown to anybody: all but the body."""
        return {
            "surface": self.surface,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "oid": self.oid,
            "time": self.time,
        }

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Calls:
    """A bounded list of calls; the oldest go first."""

    def __init__(self, kept: int) -> None:
        self._calls: deque[Call] = deque(maxlen=kept)
        self.total = 0
        """Calls since the start, forgotten ones too."""
        self.watchers: list[Callable[[Call], None]] = []
        """Told of each call once it is done, before its answer leaves."""

    def record(self, call: Call) -> None:
        """Add a call."""
        self._calls.append(call)
        self.total += 1
        for watcher in self.watchers:
            watcher(call)

    def list(self) -> Sequence[Call]:
        """Give the calls, oldest first."""
        return list(self._calls)

    def writes(self) -> Sequence[Call]:
        """Give the calls that may change something."""
        return [call for call in self._calls if is_write(call)]

    def forget(self) -> None:
        """Empty the list."""
        self._calls.clear()


def is_write(call: Call) -> bool:
    """Whether a call may change something: not GET or HEAD, on ARM or a vault."""
    return call.method in _WRITES and call.surface in ("arm", "vault")


def kept_body(raw: bytes, parsed: Any) -> Any:
    """Give what a call may keep of its body."""
    return parsed if len(raw) <= _BODY_BYTES_KEPT else None
