"""What goes wrong here: ControlPlaneError, and under it KubectlError."""

from __future__ import annotations

from collections.abc import Sequence


class ControlPlaneError(Exception):
    """The control plane cannot be built, started or asked; the text says what to do."""


class KubectlError(ControlPlaneError):
    """kubectl ended with an error: `returncode`, and in `stderr` what it said."""

    def __init__(self, args: Sequence[str], returncode: int, stderr: str) -> None:
        super().__init__(f"kubectl {' '.join(args)} ended with code {returncode}: {stderr.strip()}")
        self.returncode = returncode
        self.stderr = stderr
