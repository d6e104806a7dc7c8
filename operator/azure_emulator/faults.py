"""Misbehaviour ordered in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from azure_emulator.errors import AzureError
from azure_emulator.wire import Response

_LIMIT = 1000


@dataclass
class Fault:
    """What to do to the next `times` requests that fit: wait, answer an error, lose the answer.

    `after`: so many requests that fit are let through first. `body`: sent in place of ARM's error,
    for surfaces whose errors look otherwise.
    """

    method: str = ""
    path: str = ""
    status: int | None = None
    code: str = "InternalServerError"
    message: str = "Ordered by the emulator's user."
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    lost: bool = False
    cut: bool = False
    delay: float = 0
    times: int = 1
    after: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Say whether the fault is meant for a request."""
        return (not self.method or self.method == method) and self.path.lower() in path.lower()

    def response(self) -> Response:
        """Give the error answer that was ordered."""
        error = AzureError(self.status or 500, self.code, self.message, headers=self.headers)
        body = error.body() if self.body is None else self.body
        return Response(error.status, body, error.headers)


class Faults:
    """The faults that are still to happen, first ordered first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def next(self, **fields: object) -> Fault:
        """Order a fault, by the fields of `Fault`; `path` is any part of a path.

        `status` answers an error without doing anything, `lost=True` does what was asked and
        then drops the connection, `cut=True` does so in the middle of the answer, `delay` waits
        (real seconds) before any of these.
        Raises TypeError for an unknown field, ValueError when 1,000 faults wait already.
        """
        if len(self._waiting) >= _LIMIT:
            raise ValueError("too many faults are waiting")
        fault = Fault(**fields)  # type: ignore[arg-type]
        fault.method = fault.method.upper()
        self._waiting.append(fault)
        return fault

    @property
    def waiting(self) -> int:
        """How many of the faults ordered have yet to happen."""
        return len(self._waiting)

    def clear(self) -> None:
        """Forget what has not happened yet."""
        self._waiting.clear()

    def match(self, method: str, path: str) -> Fault | None:
        """Take the first fault that fits a request."""
        for fault in self._waiting:
            if fault.fits(method, path):
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
