"""An operator that starts in a fraction of a second: forked from a process that has imported it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stage import OperatorProcess
from stage.install import ROOT


class Zygote:
    """The process that operators are forked from. Ends with this one."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "integration.campaign.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT / 'operator'}:{ROOT / 'tests'}",
                "TMPDIR": str(folder),
            },
        )

    def obey(self, **order: Any) -> int:
        """Give an order; the process ID that it is about."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> None:
        """End it; operators that still run end with it."""
        self._process.kill()
        self._process.communicate()


class ForkedOperator(OperatorProcess):
    """The operator as a child of the zygote."""

    def __init__(
        self, zygote: Zygote, kubeconfig: Path, log: Path, arguments: Sequence[str]
    ) -> None:
        super().__init__(kubeconfig, log, arguments)
        self._zygote = zygote
        self._child: int | None = None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError("the operator does not run")
        return self._child

    @property
    def running(self) -> bool:
        return self._child is not None

    def start(self) -> None:
        arguments = ["run", "--kubeconfig", str(self._kubeconfig), "--health-port", "0"]
        arguments += self._arguments
        self._child = self._zygote.obey(arguments=arguments, log=str(self.log))

    def kill(self) -> None:
        if self._child is not None:
            self._zygote.obey(kill=self._child)
            self._child = None
