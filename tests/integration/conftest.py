"""The cluster with the operator installed, and a world for each test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from control_plane import ControlPlane
from integration.world import World, open_world
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
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:55]
    async with open_world(control_plane, operator_kubeconfig, name, tmp_path) as opened:
        yield opened
