"""Which cluster a person's command talks to."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from aci_operator.kube.client import Kube
from aci_operator.kube.errors import KubeError

CANNOT_ASK = 2
"""The exit code when the API server, or a right to ask it, is missing."""


def connected(kubeconfig: Path | None, work: Callable[[Kube], Awaitable[int]]) -> None:
    """Do the work on one connection and exit with its code; 2 if the API server does not answer."""
    try:
        code = asyncio.run(_connected(kubeconfig or _usual(), work))
    except KubeError as error:
        click.echo(f"Error: {error}", err=True)
        code = CANNOT_ASK
    sys.exit(code)


def _usual() -> Path | None:
    """Take kubectl's own file where it stands; None means the pod's ServiceAccount."""
    usual = Path.home() / ".kube" / "config"
    return usual if usual.exists() else None


async def _connected(kubeconfig: Path | None, work: Callable[[Kube], Awaitable[int]]) -> int:
    kube = await Kube.open(kubeconfig)
    try:
        return await work(kube)
    finally:
        await kube.close()
