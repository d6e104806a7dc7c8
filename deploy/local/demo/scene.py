"""What the steps work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from control_plane import ControlPlane
from demo.azure import EmulatedAzure
from demo.cluster import Cluster
from demo.narrator import Narrator
from stage import OperatorProcess


@dataclass(frozen=True)
class Scene:
    """A control plane, an Azure and the operator between them, all running."""

    narrator: Narrator
    plane: ControlPlane
    cluster: Cluster
    azure: EmulatedAzure
    operator: OperatorProcess
    samples: Path
    """The copy of `deploy/samples` that names the emulated Azure's account."""
    held_before: Mapping[str, list[str]]
    """What the emulated Azure held before anything was applied."""
    processes: dict[int, str]
    """Name by process ID of all that was ever started."""
