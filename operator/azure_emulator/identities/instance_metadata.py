"""The identity endpoint inside a container group (azure.md section 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from azure_emulator.entra.directory import Principal
from azure_emulator.identities.identity import Identity


@dataclass(frozen=True)
class InstanceIdentity:
    """Which identities a container group has now, and whether something runs that could ask.

    `started_at` is when its containers started last (seconds since the epoch): the endpoint
    answers `settings.identity_endpoint_delay` after it (knob 6).
    """

    system: Principal | None
    user: Sequence[Identity]
    running: bool
    started_at: float = 0
    updated: bool = False
    """Whether the group was changed in place since it was deployed (knob 6)."""
    windows: bool = False
    in_subnet: bool = False


class InstanceIdentities(Protocol):
    """What the provider of container groups offers to the identity endpoint."""

    def identity_of(self, group_id: str) -> InstanceIdentity | None:
        """Give a group's identities by its resource ID, without letter case; None if there is no
        such group."""
        ...
