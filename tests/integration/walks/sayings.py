"""What a node of a CRD's schema says in CEL, where it has one of a few simple forms.

Other rules are not read: what breaks them is refused by the API server, which is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]

_EITHER = re.compile(r"has\(self\.(\w+)\) != has\(self\.(\w+)\)")
_ONE_OF = re.compile(r"\[(.*)\]\s*\.exists_one\(given, given\)")
_TOGETHER = re.compile(r"has\(self\.(\w+)\) == has\(self\.(\w+)\)")
_LASTING = re.compile(r"!has\(oldSelf\.(\w+)\) \|\| has\(self\.(\w+)\)")
_HAS = re.compile(r"has\(self\.(\w+)\)")
_MATCHES = re.compile(r"self\.matches\('([^']+)'\)")
_SIZE = re.compile(r"self\.size\(\) >= (\d+)")


def rules(node: Node) -> list[str]:
    """Give the node's rules, each on one line."""
    return [" ".join(rule["rule"].split()) for rule in node.get("x-kubernetes-validations", ())]


def is_fixed(node: Node) -> bool:
    """Whether the value cannot be changed once it is there."""
    return "self == oldSelf" in rules(node)


def lasting(node: Node) -> list[str]:
    """Give the members that cannot be taken away once they are there."""
    found = [_LASTING.fullmatch(rule) for rule in rules(node)]
    return [match[1] for match in found if match and match[1] == match[2]]


def exactly_one(node: Node) -> list[tuple[str, ...]]:
    """Give groups of members of which exactly one is there."""
    found: list[tuple[str, ...]] = []
    for rule in rules(node):
        either, one_of = _EITHER.fullmatch(rule), _ONE_OF.fullmatch(rule)
        if either:
            found.append(either.groups())
        if one_of:
            found.append(tuple(_HAS.findall(one_of[1])))
    return found


def together(node: Node) -> list[tuple[str, ...]]:
    """Give pairs of members that are there both or not at all."""
    found = [_TOGETHER.fullmatch(rule) for rule in rules(node)]
    return [match.groups() for match in found if match]


def pattern(node: Node) -> str | None:
    """Give the pattern of a string, from the schema or from a rule."""
    told = [match[1] for rule in rules(node) if (match := _MATCHES.search(rule))]
    given = node.get("pattern")
    return given or (told[0].replace("\\\\", "\\") if told else None)


def shortest(node: Node) -> int:
    """Give the least number of characters of a string."""
    told = [int(match[1]) for rule in rules(node) if (match := _SIZE.search(rule))]
    return max([int(node.get("minLength", 0)), *told])
