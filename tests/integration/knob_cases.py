"""The cases of the knobs: a pairwise cover over knobs, guises and the vault's permission model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from azure_emulator.knobs import GUISES, KNOBS, Value
from azure_emulator.settings import Settings
from integration.cover import Case, cover

SEED = int(os.environ.get("KNOB_SEED", "1"))
A_DAY = 1
"""How many cases a run of the short tests takes."""
MODEL = "permissionModel"
KILLED = "killedAfter"
"""The write to Azure, of creation and of deletion, after which the operator is killed; 0: none."""
OURS = (MODEL, KILLED)

FACTORS: Mapping[str, tuple[Value, ...]] = {
    **{f"knob{knob.number:02}": tuple(knob.values) for knob in KNOBS},
    **{next(iter(guise)): ({next(iter(guise)): False}, guise) for guise in GUISES},
    MODEL: ({MODEL: "AccessPolicy"}, {MODEL: "RBAC"}),
    KILLED: ({KILLED: 0}, {KILLED: 4}, {KILLED: 9}),
}
SIZES = {name: len(values) for name, values in FACTORS.items()}

PACE: Mapping[str, Any] = {
    "container_creation_seconds": 90.0,
    "container_pending_seconds": 10.0,
    "container_update_seconds": 30.0,
    "group_delete_seconds": 20.0,
    # Whoever asks Entra counts in real time.
    "token_seconds": 7 * 86400.0,
}
"""What Azure takes in all cases: longer than the shorter time-out of knob 16."""


@dataclass(frozen=True)
class KnobCase:
    """One case of a cover."""

    seed: int
    number: int
    chosen: Case

    @property
    def values(self) -> dict[str, Any]:
        """Give all that was chosen, by the names of settings and of what is the test's own."""
        return {
            name: value
            for factor, place in self.chosen.items()
            for name, value in FACTORS[factor][place].items()
        }

    @property
    def settings(self) -> Settings:
        """Give the settings of the emulator."""
        return Settings(**{**PACE, **{k: v for k, v in self.values.items() if k not in OURS}})

    @property
    def rbac(self) -> bool:
        """Whether the vault goes by roles."""
        return bool(self.values[MODEL] == "RBAC")

    @property
    def killed_after(self) -> int | None:
        """After which write the operator is killed; None for none."""
        return int(self.values[KILLED]) or None

    def __str__(self) -> str:
        apart = ", ".join(
            f"{name}={value!r}"
            for factor, place in sorted(self.chosen.items())
            for name, value in FACTORS[factor][place].items()
            if place
        )
        return (
            f"case {self.number} of seed {self.seed}: {apart or 'all defaults'}\n  again: "
            f"KNOB_SEED={self.seed} pytest 'tests/integration/test_knobs.py' -k 'cover and "
            f"case{self.number:02}'"
        )


@cache
def all_cases(seed: int = SEED) -> tuple[KnobCase, ...]:
    """Give the whole cover."""
    return tuple(KnobCase(seed, n, case) for n, case in enumerate(cover(SIZES, seed)))


def cases_of(day: date) -> tuple[KnobCase, ...]:
    """Give a day's part: each case has its turn."""
    cases = all_cases()
    first = day.toordinal() * A_DAY
    return tuple(cases[(first + place) % len(cases)] for place in range(A_DAY))
