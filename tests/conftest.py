"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from control_plane import ControlPlane


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real Kubernetes API server, shared by all tests of a run: use a namespace of your own."""
    logs: Path = tmp_path_factory.mktemp("control-plane-logs")
    with ControlPlane.start(logs) as running:
        yield running
