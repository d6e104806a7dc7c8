"""Commands of the operator's command line, run as a person would."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import NamedTuple

from stage.install import ROOT


class Done(NamedTuple):
    """How a command ended."""

    code: int
    lines: list[str]
    """Of its standard output."""
    error: str


async def aci_operator(
    kubeconfig: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Done:
    """Run `aci-operator` with these arguments until it ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "aci_operator",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "operator"),
            "KUBECONFIG": str(kubeconfig),
            **(environment or {}),
        },
    )
    output, error = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, output.decode().splitlines(), error.decode())
