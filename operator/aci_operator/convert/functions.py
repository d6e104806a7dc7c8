"""The functions of ARM templates that need nothing but their arguments.

Names are compared without letter case, as Azure does. What is not here is refused by its name.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urljoin

from .values import Hidden, Late, Refusal

Arguments = Sequence[Any]


def call(name: str, arguments: Arguments, source: str) -> Any:
    """Call a function; `source` is the call's own text, for messages.

    What is made from a hidden value is hidden. Raises Refusal: for a function that is not known,
    for wrong arguments, and for values that only Azure knows.
    """
    function = FUNCTIONS.get(name.lower())
    if function is None:
        raise Refusal(f"the function {name} is not evaluated here; write its result in its place")
    for argument in arguments:
        if isinstance(argument, Late):
            raise Refusal(f"{argument.text} is known only once Azure has made it")
    if any(isinstance(argument, Hidden) for argument in arguments):
        return Hidden(source)
    try:
        return function(*arguments)
    except (TypeError, ValueError, IndexError, AttributeError, KeyError):
        raise Refusal(f"{name} does not take these arguments: {source}") from None


def _concat(*parts: Any) -> Any:
    if parts and all(isinstance(part, list) for part in parts):
        return [item for part in parts for item in part]
    return "".join(_text(part) for part in parts)


def _text(value: Any) -> str:
    """Write a value as Azure does in a text."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError("neither text nor number")


def _format(pattern: str, *values: Any) -> str:
    pieces, rest = [], pattern
    while rest:
        head, brace, rest = rest.partition("{")
        pieces.append(head.replace("}}", "}"))
        if brace and rest.startswith("{"):
            pieces.append("{")
            rest = rest[1:]
        elif brace:
            place, _, rest = rest.partition("}")
            pieces.append(_text(values[int(place)]))
    return "".join(pieces)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _equals(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return bool(type(one) is type(other) and one == other)


def _empty(value: Any) -> bool:
    return value is None or len(value) == 0


def _object(*pairs: Any) -> dict[str, Any]:
    return dict(zip(pairs[0::2], pairs[1::2], strict=True))


def _bool(value: Any) -> bool:
    if isinstance(value, str):
        return {"true": True, "false": False}[value.lower()]
    return bool(value)


def _union(*parts: Any) -> Any:
    if all(isinstance(part, dict) for part in parts):
        return {name: value for part in parts for name, value in part.items()}
    merged: list[Any] = []
    for part in parts:
        merged += [item for item in part if item not in merged]
    return merged


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "base64": _base64,
    "bool": _bool,
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": _concat,
    "createarray": lambda *values: list(values),
    "createobject": _object,
    "empty": _empty,
    "equals": _equals,
    "false": lambda: False,
    "float": float,
    "format": _format,
    "int": int,
    "length": len,
    "not": lambda value: not value,
    "null": lambda: None,
    "or": lambda *values: any(values),
    "and": lambda *values: all(values),
    "string": _text,
    "substring": lambda text, start, length=None: text[start:][:length],
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "true": lambda: True,
    "union": _union,
    "uri": lambda start, rest: urljoin(start, rest),
}
