"""What makes a step fail."""

from __future__ import annotations


class Unmet(Exception):
    """A step is not as told: what was expected, and what was seen instead."""

    def __init__(self, expected: object, seen: object) -> None:
        super().__init__(f"expected {expected}, saw {seen}")
        self.expected = expected
        self.seen = seen


def expect(what: str, wanted: object, seen: object) -> None:
    """Compare; raises Unmet, which names what was compared, unless both are the same."""
    if seen != wanted:
        raise Unmet(f"{what}: {wanted}", seen)
