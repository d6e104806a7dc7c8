"""Values that every run has to meet, shared out among the walks of a kind: chance misses none.

A card is one field with one of its values. A walk holds its cards until Azure has taken a spec with
them; what a field may hold is read from the CRD, so a field that is added comes into the game.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from integration.walks import hints, sayings
from integration.walks.forms import PROJECTED
from integration.walks.sayings import Node
from unit.crds.schemas import spec as spec_schema

ANY = object()
"""A value like any other: the generator makes one."""
AT_FIRST = {"KeyVault": ("softDeleteRetentionInDays",)}
"""What a rule over the whole spec keeps as it was made; other such fields say it themselves."""
EACH = ("keyVaultAccess",)
"""Fields of which each hint is a card."""
DEEP = {
    *("operator", "networkAcls", "scope", "principal", "permissions"),
    *("sku", "identity", "ipAddress", "attributes"),
}
"""Members whose own members are cards."""


@dataclass(frozen=True)
class Card:
    """A field, as the names that lead to it, and a value that it should have once."""

    path: tuple[str, ...]
    value: Any
    at_first: bool = False
    """Only a new object can have it."""

    def stands_in(self, spec: Mapping[str, Any], words: Mapping[str, str] | None = None) -> bool:
        """Whether a spec has it; `words` are those of the hints."""
        found: Any = spec
        for name in self.path:
            if not isinstance(found, Mapping) or name not in found:
                return False
            found = found[name]
        return self.value is ANY or bool(found == hints.settled(self.value, words or {}))

    def __str__(self) -> str:
        return ".".join(self.path) + ("" if self.value is ANY else f"={self.value}")


def dealt(kind: str, seed: int, number: int, walks: int) -> list[Card]:
    """Give the cards of one of so many walks; the same ones for the same seed."""
    deck = list(_cards(kind))
    Random(f"{seed}/{kind}/cards").shuffle(deck)
    return deck[number::walks]


def _cards(kind: str) -> Iterator[Card]:
    schema = spec_schema(kind)
    for field in PROJECTED[kind]:
        names = tuple(field.split("."))
        node: Node = schema
        for name in names:
            node = node["properties"][name]
        yield from _of(kind, names, node)


def _of(kind: str, names: tuple[str, ...], node: Node) -> Iterator[Card]:
    if names[-1] in DEEP and "properties" in node and not hints.choices(kind, ".".join(names)):
        for name, inner in node["properties"].items():
            yield from _of(kind, (*names, name), inner)
        return
    first = sayings.is_fixed(node) or names[-1] in AT_FIRST.get(kind, ())
    for value in _values(kind, names, node):
        yield Card(names, value, first)


def _values(kind: str, names: tuple[str, ...], node: Node) -> Sequence[Any]:
    if names[-1] in EACH:
        return hints.choices(kind, ".".join(names))
    if "enum" in node:
        return list(node["enum"])
    if node["type"] == "boolean":
        return [True] if sayings.is_fixed(node) or "self" in sayings.rules(node) else [True, False]
    return [ANY]
