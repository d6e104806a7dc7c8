"""Random specs of a kind, and random changes of a spec, from the CRD's own schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from integration.walks import hints, sayings
from integration.walks.cards import ANY, Card
from integration.walks.sayings import Node
from integration.walks.words import text, word
from unit.crds.schemas import spec as spec_schema

WILD = 0.04
"""How often a hint is not heeded, and a rule that the schema tells of is broken."""
OPTIONAL = 0.3
"""How often a member is there that may be left out."""


@dataclass
class Generator:
    """Makes specs of one kind; the same ones for the same `Random`."""

    kind: str
    random: Random

    def spec(self) -> dict[str, Any]:
        """Give a new spec."""
        made: dict[str, Any] = self._value(spec_schema(self.kind), "")
        return hints.agree(self.random, made)

    def change(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Give a spec that differs from that one in one to three places."""
        schema, changed = spec_schema(self.kind), spec
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            changed = self._object_changed(schema, changed, "")
        return hints.agree(self.random, changed)

    def planted(self, spec: dict[str, Any], card: Card) -> dict[str, Any]:
        """Give a spec that has the card's value in its field, and what belongs to it."""
        schema = spec_schema(self.kind)
        return hints.agree(self.random, self._planted(schema, spec, card.path, card.value))

    def _planted(
        self, node: Node, held: dict[str, Any], names: tuple[str, ...], value: Any, path: str = ""
    ) -> dict[str, Any]:
        name, where = names[0], below(path, names[0])
        inner = node["properties"][name]
        if names[1:]:
            made = held.get(name) or self._value(inner, where)
            made = self._planted(inner, made, names[1:], value, where)
        else:
            made = self._value(inner, where) if value is ANY else value
        rivals = {n for group in sayings.exactly_one(node) if name in group for n in group}
        kept = {n: v for n, v in held.items() if n not in rivals} | {name: made}
        for first, second in sayings.together(node):
            if second == name:
                kept.setdefault(first, self._value(node["properties"][first], below(path, first)))
        return self._kept_to_rules(node, kept, path)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _value(self, node: Node, path: str) -> Any:
        known = hints.choices(self.kind, path)
        if known and not (self._chance(WILD) and not sayings.is_fixed(node)):
            return self.random.choice(known)
        if "enum" in node:
            return "NoSuchWord" if self._chance(WILD) else self.random.choice(node["enum"])
        makers: dict[str, Callable[[Node, str], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "boolean": lambda node, path: self._chance(0.7),
            "integer": lambda node, path: round(self._number(node)),
            "number": lambda node, path: self._number(node),
        }
        return makers[node["type"]](node, path)

    def _object(self, node: Node, path: str) -> dict[str, Any]:
        if "properties" not in node:
            return self._map(node, path)
        made = {
            name: self._value(inner, below(path, name))
            for name, inner in node["properties"].items()
            if name in node.get("required", ()) or self._chance(OPTIONAL)
        }
        return self._kept_to_rules(node, made, path)

    def _map(self, node: Node, path: str) -> dict[str, Any]:
        inner = node.get("additionalProperties")
        if not isinstance(inner, dict):
            return {}  # an object of any shape, or of none
        names = hints.choices(self.kind, f"{path}{{}}") or ("one", "two")
        some = self.random.sample(names, self.random.randint(0, min(3, len(names))))
        if self._chance(WILD):
            some.append(text(self.random, 1, 300))
        return {name: self._value(inner, f"{path}{{}}.value") for name in some}

    def _array(self, node: Node, path: str) -> list[Any]:
        least = node.get("minItems", 0)
        number = self.random.randint(max(least, 1), max(least, 1) + 1) if self._chance(0.9) else 0
        return unique(node, [self._value(node["items"], f"{path}[]") for _ in range(number)])

    def _string(self, node: Node, path: str) -> str:
        pattern, most = sayings.pattern(node), node.get("maxLength", 20)
        if self._chance(WILD):
            return "x" * (most + 1) if most <= 300 else ""
        if pattern is not None:
            return word(self.random, pattern)
        return text(self.random, sayings.shortest(node), most)

    def _number(self, node: Node) -> float:
        least, most = node.get("minimum", 0), node.get("maximum", node.get("minimum", 0) + 10)
        if self._chance(WILD):
            return float(self.random.choice((least - 1, most + 1)))
        return float(self.random.choice((least, most, round(self.random.uniform(least, most), 1))))

    def _kept_to_rules(self, node: Node, made: dict[str, Any], path: str) -> dict[str, Any]:
        if self._chance(WILD):
            return made
        properties = node["properties"]
        for names in sayings.exactly_one(node):
            chosen = self.random.choice([n for n in names if n in made] or list(names))
            made = {n: v for n, v in made.items() if n not in names or n == chosen}
            made.setdefault(chosen, self._value(properties[chosen], below(path, chosen)))
        for first, second in sayings.together(node):
            made = {n: v for n, v in made.items() if n != second}
            if first in made:
                made[second] = self._value(properties[second], below(path, second))
        return made

    def _changed(self, node: Node, value: Any, path: str) -> Any:
        if self._chance(0.15) or hints.choices(self.kind, path):
            return self._value(node, path)
        if isinstance(value, dict) and "properties" in node:
            return self._object_changed(node, value, path)
        if isinstance(value, list) and value and node["type"] == "array":
            place = self.random.randrange(len(value))
            changed = self._changed(node["items"], value[place], f"{path}[]")
            rest = [*value[:place], *value[place + 1 :]]
            return unique(node, self.random.choice(([changed, *rest], [changed, *value], rest)))
        return self._value(node, path)

    def _object_changed(self, node: Node, value: dict[str, Any], path: str) -> dict[str, Any]:
        properties, required = node["properties"], node.get("required", ())
        if not properties:
            return value
        fixed = [n for n, inner in properties.items() if sayings.is_fixed(inner) and n in value]
        movable = [n for n in properties if n not in fixed]
        name = self.random.choice(fixed if fixed and self._chance(WILD) else movable or fixed)
        changed = {n: v for n, v in value.items() if n != name}
        if name not in value:
            changed[name] = self._value(properties[name], below(path, name))
        elif name in required or self._chance(0.6):
            changed[name] = self._changed(properties[name], value[name], below(path, name))
        for names in sayings.exactly_one(node):
            if name in names and name in changed:
                changed = {n: v for n, v in changed.items() if n == name or n not in names}
        return self._kept_to_rules(node, changed, path)


def below(path: str, name: str) -> str:
    """Give the path of a member."""
    return f"{path}.{name}" if path else name


def unique(node: Node, items: list[Any]) -> list[Any]:
    """Leave out what stands twice in a list that is a set or a map."""
    keys = node.get("x-kubernetes-list-map-keys")
    if keys is None and node.get("x-kubernetes-list-type") != "set":
        return items
    found: dict[str, Any] = {}
    for item in items:
        found.setdefault(repr([item.get(k) for k in keys] if keys else item), item)
    return list(found.values())
