"""Calling kubectl."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from control_plane.errors import KubectlError

_LONGEST = 120.0


@dataclass(frozen=True)
class Kubectl:
    """One kubectl program with a discovery cache of its own.

    The cache is ours because kubectl files it by host and port, and ports come back.
    """

    program: Path
    cache: Path

    def run(
        self, args: Sequence[str], kubeconfig: Path, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl to its end, two minutes at most; KubectlError carries what it said."""
        try:
            done = subprocess.run(
                [str(self.program), *args],
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                env=self._environment(kubeconfig),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise KubectlError(args, -1, f"no end after {_LONGEST:.0f} s") from error
        if done.returncode != 0:
            raise KubectlError(args, done.returncode, done.stderr)
        return done

    def _environment(self, kubeconfig: Path) -> dict[str, str]:
        return {
            **os.environ,
            "KUBECONFIG": str(kubeconfig),
            "KUBECACHEDIR": str(self.cache),
            "KUBECTL_KUBERC": "false",  # a person's own defaults have no say here
        }
