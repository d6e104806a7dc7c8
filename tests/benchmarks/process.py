"""What a process has cost so far, as Linux counts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU in seconds; memory in MB, now and at its highest."""

    cpu: float
    memory: float
    peak: float


def cost_of(pid: int) -> Cost:
    """Read it from /proc."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
    cpu = (int(words[11]) + int(words[12])) / _TICKS
    return Cost(cpu, _megabytes(sizes["VmRSS"]), _megabytes(sizes["VmHWM"]))


def _megabytes(text: str) -> float:
    return int(text.split()[0]) / 1024
