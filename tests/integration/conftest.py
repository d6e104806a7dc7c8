"""The cluster with the operator installed, and a world for each test."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from control_plane import ControlPlane
from integration.world import ELECTION, PACE, World, open_world, pace_of
from stage import install


@pytest.fixture(scope="session")
def operator_kubeconfig(control_plane: ControlPlane) -> Path:
    """The operator installed as `deploy/kustomize/base` says: its ServiceAccount's kubeconfig."""
    return install(control_plane)


@pytest.fixture
async def world(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[World]:
    """A namespace, an emulated Azure and a running operator, for one test alone."""
    name = namespace_of(request.node.name)
    pace = request.node.get_closest_marker("pace")
    options = PACE if pace is None else pace_of(**pace.kwargs)
    if request.node.get_closest_marker("elected"):
        options += ELECTION
    async with open_world(control_plane, operator_kubeconfig, name, tmp_path, pace=options) as it:
        yield it


def namespace_of(test: str) -> str:
    """Give a namespace for a test: readable, and unlike that of any other test."""
    words = re.sub(r"[^a-z0-9]+", "-", test.lower()).strip("-")[:45].strip("-")
    return f"{words}-{zlib.crc32(test.encode()):08x}"
