"""What every test can ask for, and which tests share a worker."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from azure.keyvault.secrets._shared import HttpChallengeCache

from aci_operator.telemetry import logs
from control_plane import ControlPlane

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")  # a busy machine is no fault of what is tested

STORIES = ("campaign", "faults", "walks", "kube")
"""Folders of `integration` whose tests need nothing that other tests did before them."""


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A real Kubernetes API server, shared by the tests of a worker: use your own namespace."""
    logs: Path = tmp_path_factory.mktemp("control-plane-logs")
    with ControlPlane.start(logs) as running:
        yield running


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Take back what a test configures of the log."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture(autouse=True)
def _challenges_forgotten() -> None:
    """Azure's package keeps vaults' challenges by host and port for the whole process.

    Ports of stand-ins come again: one of an earlier test would be sent a token unasked.
    """
    HttpChallengeCache.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what runs on one worker under `-n 2 --dist loadgroup`.

    The audit log is read for what all tests before did, so these stay together.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    if "control_plane" not in getattr(item, "fixturenames", ()):
        return str(item.path)
    return "stories" if item.path.parent.name in STORIES else "cluster"
