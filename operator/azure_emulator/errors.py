"""Azure's own error answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class AzureError(Exception):
    """An error answer in ARM's shape: `{"error": {"code", "message"[, "target", "details"]}}`.

    `gateway` marks an answer that ARM itself gives, not the provider behind it: it carries
    `x-ms-failure-cause: gateway` (recordings/cli-arm-generic-errors.json).
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        inner: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        gateway: bool = False,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = tuple(details)
        self.inner = inner
        self.headers = dict(headers or {})
        if gateway:
            self.headers["x-ms-failure-cause"] = "gateway"

    def body(self) -> dict[str, Any]:
        """Give the JSON of the answer."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details:
            error["details"] = [dict(detail) for detail in self.details]
        if self.inner is not None:
            error["innererror"] = dict(self.inner)
        return {"error": error}
