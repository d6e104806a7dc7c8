"""Which state outlives the process: what a snapshot asks of the objects that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable


class Kept:
    """An object whose state a snapshot holds: the attributes that `KEPT` names."""

    KEPT: ClassVar[tuple[str, ...]] = ()

    def kept(self) -> dict[str, Any]:
        """Give the state, as it is held: whoever gets it must not change it."""
        return {name: getattr(self, name) for name in self.KEPT}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take a state that `kept` gave; raises KeyError if it is not whole."""
        for name in self.KEPT:
            setattr(self, name, state[name])


@runtime_checkable
class Keeping(Protocol):
    """A provider that holds state of its own."""

    def holders(self) -> Mapping[str, Kept]:
        """Give the objects that hold it, by a name."""
        ...

    def restored(self) -> None:
        """Make good what a state of another process does not know, such as ports."""
        ...
