"""Misbehaviour ordered in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from azure_emulator.errors import AzureError
from azure_emulator.wire import Response

_LIMIT = 1000


@dataclass
class Fault:
    """What to do to the next `times` requests that fit: wait, answer an error, lose the answer."""

    method: str = ""
    path: str = ""
    status: int | None = None
    code: str = "InternalServerError"
    message: str = "Ordered by the emulator's user."
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    delay: float = 0
    times: int = 1

    def fits(self, method: str, path: str) -> bool:
        """Say whether the fault is meant for a request."""
        return (not self.method or self.method == method) and self.path.lower() in path.lower()

    def response(self) -> Response:
        """Give the error answer that was ordered."""
        error = AzureError(self.status or 500, self.code, self.message, headers=self.headers)
        return Response(error.status, error.body(), error.headers)


class Faults:
    """The faults that are still to happen, first ordered first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def next(self, **fields: object) -> Fault:
        """Order a fault, by the fields of `Fault`; `path` is any part of a path.

        `status` answers an error without doing anything, `lost=True` does what was asked and
        then drops the connection, `delay` waits (real seconds) before either.
        Raises TypeError for an unknown field, ValueError when 1,000 faults wait already.
        """
        if len(self._waiting) >= _LIMIT:
            raise ValueError("too many faults are waiting")
        fault = Fault(**fields)  # type: ignore[arg-type]
        fault.method = fault.method.upper()
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Forget what has not happened yet."""
        self._waiting.clear()

    def match(self, method: str, path: str) -> Fault | None:
        """Take the first fault that fits a request."""
        for fault in self._waiting:
            if fault.fits(method, path):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
