"""What a kind gives to the frame."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from aci_operator.api.kinds import Kind
from aci_operator.api.objects import Key, Object
from aci_operator.reconcile.context import Pass


@dataclass(frozen=True)
class Room:
    """One kind's part: pure functions for the store, and its two ways through a pass."""

    kind: Kind
    references: Callable[[Object], frozenset[Key]]
    """The objects that wake this one; `reconcile.account.reference` is added by the frame."""
    published: Callable[[Object], Hashable]
    """What others use of this object: they are woken when it changes."""
    reconcile: Callable[[Pass], Awaitable[None]]
    """Bring Azure to the spec. Ends well (Ready), or raises Halt or an AzureError."""
    remove: Callable[[Pass], Awaitable[None]]
    """Undo it from what status says, then release the finalizer. Raises likewise."""
    compared: tuple[str, ...] = ()
    """Paths below spec that are compared with Azure, for `ignoreDrift`; see `drift.unknown`."""
