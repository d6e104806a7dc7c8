"""What Azure has refused an object, and since when: kept in memory, a restart forgets it."""

from __future__ import annotations

from dataclasses import dataclass

from aci_operator.api.objects import Key


@dataclass
class Trouble:
    """What is wrong, since when, and when it was last told (monotonic seconds)."""

    reason: str
    generation: int
    since: float
    told: float


Troubles = dict[Key, Trouble]
