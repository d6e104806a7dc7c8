"""The language between the square brackets of an ARM template, parsed.

`[f(a, 'b', 1).c[0].d]`: calls, quoted text ('' is a quote), whole numbers, members and indexes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 24_576
"""Azure's own limit for an expression, in characters."""
MAX_DEPTH = 64

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>[().,\[\]]))"
)


class Unparsable(ValueError):
    """Not an expression; the text says where."""


@dataclass(frozen=True)
class Literal:
    """A text or a number."""

    value: str | int | float


@dataclass(frozen=True)
class Call:
    """A function's call; a user's own function is named with its namespace, `mine.f`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Member:
    """`target.key` or `target[key]`."""

    target: Node
    key: Node


Node = Literal | Call | Member


def is_expression(text: str) -> bool:
    """Say whether a text of a template is an expression: `[...]`, but not `[[...`."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def unescaped(text: str) -> str:
    """Give the plain text that `[[...` stands for."""
    return text[1:] if text.startswith("[[") else text


def parse(text: str) -> Node:
    """Parse an expression with its brackets. Raises Unparsable."""
    if len(text) > MAX_LENGTH:
        raise Unparsable(f"an expression of more than {MAX_LENGTH} characters")
    return _Parser(text[1:-1]).whole()


def spelled(node: Node) -> str:
    """Give the text of an expression, without brackets; parsing it gives the same node."""
    if isinstance(node, Literal):
        if isinstance(node.value, str):
            return "'" + node.value.replace("'", "''") + "'"
        return str(node.value)
    if isinstance(node, Call):
        return f"{node.name}({', '.join(map(spelled, node.arguments))})"
    return f"{spelled(node.target)}[{spelled(node.key)}]"


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._node()
        if self._peek() is not None:
            raise Unparsable(f"{self._peek()!r} is left over")
        return node

    def _peek(self) -> str | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self, wanted: str | None = None) -> str:
        token = self._peek()
        if token is None or (wanted is not None and token != wanted):
            raise Unparsable(f"{wanted or 'a value'} is missing before {token or 'the end'!r}")
        self._place += 1
        return token

    def _node(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unparsable(f"more than {MAX_DEPTH} levels")
        node = self._primary()
        while self._peek() in (".", "["):
            node = Member(node, self._key())
        self._depth -= 1
        return node

    def _key(self) -> Node:
        if self._take() == ".":
            return Literal(_word(self._take()))
        key = self._node()
        self._take("]")
        return key

    def _primary(self) -> Node:
        token = self._take()
        if token.startswith("'"):
            return Literal(token[1:-1].replace("''", "'"))
        if token[0] == "-" or token[0].isdigit():
            return Literal(float(token) if "." in token else int(token))
        name = _word(token)
        while self._peek() == ".":
            self._take()
            name = f"{name}.{_word(self._take())}"
        self._take("(")
        return Call(name, self._arguments())

    def _arguments(self) -> tuple[Node, ...]:
        arguments: list[Node] = []
        while self._peek() != ")":
            if arguments:
                self._take(",")
            arguments.append(self._node())
        self._take(")")
        return tuple(arguments)


def _tokens(text: str) -> list[str]:
    tokens, place, text = [], 0, text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise Unparsable(f"{text[place : place + 20]!r} is not understood")
        tokens.append(found.group().strip())
        place = found.end()
    return tokens


def _word(token: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", token):
        raise Unparsable(f"a name is expected where {token!r} stands")
    return token
