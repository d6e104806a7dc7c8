"""Finding the operation behind a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from azure_emulator.wire import Route

SCOPE = "{scope...}"
_LAST_PROVIDER = re.compile(r".*(?=/providers/)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Match:
    """The operations at a path, by method, and the values of the template's variables.

    `scope` is where the caller's right must hold: the path, cut at the resource.
    """

    methods: Mapping[str, Route]
    parameters: Mapping[str, str]
    scope: str

    @property
    def api_versions(self) -> Sequence[str]:
        """All api-versions known at this path."""
        known = {version for route in self.methods.values() for version in route.api_versions}
        return sorted(known)


@dataclass
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    variable: _Node | None = None
    methods: dict[str, Route] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    cut: int = 0
    """How many segments at the end are not part of the resource that the action is about."""


class Router:
    """A tree of path segments: literal ones first, then variables."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        self._scoped = _Node()
        for route in routes:
            self._add(route)

    def find(self, path: str) -> Match | None:
        """Find the operations at a percent-decoded path, or None if there are none.

        A slash at the end and doubled slashes do not matter.
        """
        segments = [segment for segment in path.split("/") if segment]
        found = _walk(self._root, segments, ())
        if found is not None:
            return _match(*found, segments, None)
        prefix = _LAST_PROVIDER.match("/" + "/".join(segments))
        if prefix is None:
            return None
        scope = prefix.group()
        below = segments[scope.count("/") :]
        found = _walk(self._scoped, below, ())
        return None if found is None else _match(*found, below, scope)

    def _add(self, route: Route) -> None:
        segments = [segment for segment in route.template.split("/") if segment]
        scoped = bool(segments) and segments[0] == SCOPE
        node = self._scoped if scoped else self._root
        segments = segments[1:] if scoped else segments
        names = []
        for segment in segments:
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.literals.setdefault(segment.lower(), _Node())
        if route.method in node.methods:
            raise ValueError(f"two routes for {route.method} {route.template}")
        if node.methods and node.names != tuple(names):
            raise ValueError(f"{route.template} names its variables unlike another route")
        node.methods[route.method] = route
        node.names = tuple(names)
        node.cut = segments_cut(segments)


def segments_cut(segments: Sequence[str]) -> int:
    """Count the segments at the end of a path that are not part of a resource's ID.

    `.../providers/NS/type` (a list) is cut at its group, `.../type/name/verb` at the resource,
    `/subscriptions/s/resourceGroups` at the subscription.
    """
    lowered = [segment.lower() for segment in segments]
    if "providers" not in lowered:
        return len(segments) % 2
    below = len(segments) - 2 - (len(lowered) - 1 - lowered[::-1].index("providers"))
    return 3 if below == 1 else below % 2


def _walk(
    node: _Node, segments: Sequence[str], values: tuple[str, ...]
) -> tuple[_Node, tuple[str, ...]] | None:
    if not segments:
        return (node, values) if node.methods else None
    head, rest = segments[0], segments[1:]
    literal = node.literals.get(head.lower())
    if literal is not None:
        found = _walk(literal, rest, values)
        if found is not None:
            return found
    if node.variable is not None:
        return _walk(node.variable, rest, (*values, head))
    return None


def _match(
    node: _Node, values: tuple[str, ...], segments: Sequence[str], prefix: str | None
) -> Match:
    parameters = dict(zip(node.names, values, strict=True))
    if prefix is not None:
        parameters["scope"] = prefix or "/"
    kept = "".join(f"/{segment}" for segment in segments[: len(segments) - node.cut])
    return Match(node.methods, parameters, ((prefix or "") + kept) or "/")
