"""Which operation of the emulator, with which status, is shown by a recording or an example."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from azure_emulator.emulator import Emulator
from azure_emulator.routing import Router
from azure_emulator.wire import Route
from emulator.differences import DIFFERENCES, OUT_OF_SCOPE
from emulator.example import examples
from emulator.example_differences import EXAMPLES_OUT_OF_SCOPE
from emulator.replay import load
from schemas.expansion import document
from schemas.operations import SWAGGER, service_of, swagger_operation

RECORDINGS = sorted(Path(__file__).with_name("recordings").glob("*.json"))
_DATA_PLANE = "keyvault-data-secrets-7.5.json"
_VARIABLE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Tally:
    """How many of a recording's requests are answered exactly so, or so but for a listed
    difference, or not sent."""

    recording: str
    requests: int
    reproduced: int
    explained: int
    out_of_scope: int


@dataclass
class Shown:
    """What shows one status of one operation."""

    recordings: set[str] = field(default_factory=set)
    examples: int = 0


Operation = tuple[str, str]
"""Method and path's template."""


def tallies() -> list[Tally]:
    """Count each recording's items; that the listed differences are real is tested elsewhere."""
    return [_tally(path) for path in RECORDINGS]


def _tally(path: Path) -> Tally:
    total = len(load(path))
    mine = [(item, at) for name, item, at, _ in DIFFERENCES if name == path.stem]
    outside = {item for item, at in mine if at == OUT_OF_SCOPE}
    explained = {item for item, at in mine if at != OUT_OF_SCOPE} - outside
    rest = total - len(outside) - len(explained)
    return Tally(path.stem, total, rest, len(explained), len(outside))


@cache
def operations() -> Mapping[Operation, Mapping[int, Shown]]:
    """Give each operation with its statuses: those that its swagger declares, and all that a
    recording shows."""
    found: dict[Operation, dict[int, Shown]] = {
        operation: {status: Shown() for status in _declared(operation)}
        for operation in (*_arm_operations(), *_data_operations())
    }
    for recording, method, path, status in _recorded():
        operation = _operation_at(method, path)
        if operation is not None:
            found[operation].setdefault(status, Shown()).recordings.add(recording)
    for operation, status in _exemplified():
        found[operation].setdefault(status, Shown()).examples += 1
    return found


def covered() -> Counter[str]:
    """Count the operations, their statuses, and those that a recording shows."""
    counts: Counter[str] = Counter()
    for statuses in operations().values():
        counts["operations"] += 1
        counts["operations recorded"] += any(shown.recordings for shown in statuses.values())
        counts["statuses"] += len(statuses)
        counts["statuses recorded"] += sum(bool(each.recordings) for each in statuses.values())
        only = (each for each in statuses.values() if each.examples and not each.recordings)
        counts["statuses in an example only"] += len(list(only))
    return counts


@cache
def _routes() -> tuple[Route, ...]:
    return tuple(route for provider in Emulator().cloud.providers for route in provider.routes())


def _arm_operations() -> Iterator[Operation]:
    yield from ((route.method, route.template) for route in _routes())


def _data_operations() -> Iterator[Operation]:
    for template, methods in document(_DATA_PLANE)["paths"].items():
        yield from ((method.upper(), template) for method in methods)


@cache
def _router() -> Router:
    return Router(_routes())


def _operation_at(method: str, path: str) -> Operation | None:
    if service_of(path) == "secrets":
        templates = sorted(document(_DATA_PLANE)["paths"], key=lambda each: each.count("{"))
        for template in templates:
            pattern = _VARIABLE.sub("[^/]+", template) + "/?"
            if re.fullmatch(pattern, path) and (method, template) in set(_data_operations()):
                return method, template
        return None
    match = _router().find(path)
    route = match.methods.get(method) if match else None
    return (route.method, route.template) if route else None


def _declared(operation: Operation) -> Iterator[int]:
    """Give the statuses of success that a swagger file here declares for an operation."""
    method, template = operation
    if not template.startswith(("/secrets", "/deletedsecrets")):
        template = template.replace("{scope...}", "/subscriptions/s")
        template = template.replace("accessPolicies/{kind}", "accessPolicies/add")
    path = _VARIABLE.sub("x", template)
    for file in set(SWAGGER.get(service_of(path), {}).values()):
        if swagger_operation(method, path, file) is not None:
            yield from _statuses(file, method, path)


def _statuses(file: str, method: str, path: str) -> Iterator[int]:
    for template, methods in document(file)["paths"].items():
        fits = re.fullmatch(_VARIABLE.sub("[^/]+", template.replace("/{scope}", "/.+")), path, re.I)
        if fits and method.lower() in methods:
            yield from (
                int(each) for each in methods[method.lower()]["responses"] if each.isdigit()
            )


def _recorded() -> Iterator[tuple[str, str, str, int]]:
    outside = {(name, item) for name, item, at, _ in DIFFERENCES if at == OUT_OF_SCOPE}
    for path in RECORDINGS:
        for exchange in load(path):
            if (path.stem, exchange["item"]) not in outside:
                sent = exchange["request"]
                place = unquote(urlsplit(sent["uri"]).path)
                yield path.stem, sent["method"], place, exchange["response"]["status"]


def _exemplified() -> Iterator[tuple[Operation, int]]:
    for name, example in examples().items():
        if name in EXAMPLES_OUT_OF_SCOPE:
            continue
        operation = _operation_at(example.method, _path_of(example.path()))
        if operation is not None:
            yield from ((operation, int(status)) for status in example.responses)


def _path_of(path: str) -> str:
    return "/" + path.strip("/").replace("scope/providers", "subscriptions/s/providers")
