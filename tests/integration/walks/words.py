"""Random words by a regular expression, and random text: the same ones for the same `Random`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from random import Random
from typing import Any

_parser: Any = importlib.import_module("re._parser")  # the only parser of Python's own dialect
LONGEST = 6
"""How often a part without an end of its own is repeated."""
_SIGNS = "abcXYZ019 -_./:%$'\"\\{}äß€漢\t"
_ANY = "abcxyz0189-_."


def word(random: Random, pattern: str) -> str:
    """Give a word that the expression matches; look-arounds are not understood."""
    return "".join(_part(random, op, value) for op, value in _parser.parse(pattern))


def text(random: Random, least: int, most: int) -> str:
    """Give text of that length: short mostly, now and then as long as can be."""
    length = random.choice((least, least + 1, least + 7, most if most <= 300 else least + 3))
    return "".join(random.choices(_SIGNS, k=min(max(length, least), most)))


def _part(random: Random, op: Any, value: Any) -> str:
    name = str(op)
    return _PARTS[name](random, value) if name in _PARTS else ""


def _repeat(random: Random, value: Any) -> str:
    least, most, inner = value
    times = random.randint(least, min(int(most), least + LONGEST))
    return "".join(_part(random, *part) for _ in range(times) for part in inner)


def _one_of(random: Random, value: Any) -> str:
    if str(value[0][0]) == "NEGATE":
        # Of what the CRDs leave out with [^...], nothing is among these.
        return random.choice("abcxyz0189")
    op, found = random.choice(value)
    if str(op) == "RANGE":
        return chr(random.randint(*found))
    return _CATEGORIES[str(found)] if str(op) == "CATEGORY" else chr(found)


_CATEGORIES = {
    "CATEGORY_DIGIT": "7",
    "CATEGORY_NOT_SPACE": "x",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "w",
}

_PARTS: dict[str, Callable[[Random, Any], str]] = {
    "LITERAL": lambda random, value: chr(value),
    "ANY": lambda random, value: random.choice(_ANY),
    "IN": _one_of,
    "MAX_REPEAT": _repeat,
    "SUBPATTERN": lambda random, value: "".join(_part(random, *part) for part in value[-1]),
    "BRANCH": lambda random, value: "".join(
        _part(random, *part) for part in random.choice(value[1])
    ),
}
