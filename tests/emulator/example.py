"""Microsoft's published examples: their requests, and the shape of their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from schemas.expansion import document, parameter
from schemas.operations import SWAGGER

FOLDER = Path(__file__).with_name("examples")
_VARIABLE = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class Example:
    """One example: `name` is its folder and file, `template` the swagger's path."""

    name: str
    method: str
    template: str
    parameters: Mapping[str, Any]
    query_names: tuple[str, ...]
    body_name: str
    responses: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The api-version."""
        return str(self.parameters["api-version"])

    @property
    def body(self) -> Any:
        """What the request sends, None for nothing."""
        return self.parameters.get(self.body_name) if self.body_name else None

    def path(self, **instead: str) -> str:
        """Fill in the path; `instead` replaces a parameter (dashes written as underscores)."""
        given = {**self.parameters, **{key.replace("_", "-"): v for key, v in instead.items()}}
        return _VARIABLE.sub(lambda found: str(given[found[1]]).strip("/"), self.template)

    def query(self) -> dict[str, str]:
        """Give the query."""
        return {
            name: str(self.parameters[name]) for name in self.query_names if name in self.parameters
        }

    def shown(self) -> Any:
        """Give the body of the example's first answer."""
        return next(iter(self.responses.values())).get("body")


@cache
def examples() -> dict[str, Example]:
    """Read all examples that an operation of the swagger files names, by name."""
    files = {file for versions in SWAGGER.values() for file in versions.values()}
    return {each.name: each for file in sorted(files) for each in _of(file)}


def _of(file: str) -> Iterator[Example]:
    for template, methods in document(file)["paths"].items():
        for method, operation in methods.items():
            for reference in operation.get("x-ms-examples", {}).values():
                name = "/".join(reference["$ref"].split("/")[-2:])
                yield _read(name, method, template, operation, file)


def _read(
    name: str, method: str, template: str, operation: Mapping[str, Any], file: str
) -> Example:
    content = json.loads((FOLDER / name).read_text())
    known = [parameter(each, file)[0] for each in operation.get("parameters", ())]
    bodies = [each["name"] for each in known if each.get("in") == "body"]
    return Example(
        name.removesuffix(".json"),
        method.upper(),
        template,
        content["parameters"],
        tuple(each["name"] for each in known if each.get("in") == "query"),
        bodies[0] if bodies else "",
        content["responses"],
    )


def differences(example: Any, ours: Any, path: str = "$") -> Iterator[str]:
    """List where two bodies differ in shape: `- path` for what ours lacks, `+ path` for what it
    has in addition, `~ path` for another type. Of lists the first elements are compared."""
    if isinstance(example, dict) and isinstance(ours, dict):
        yield from _member_differences(example, ours, path)
    elif isinstance(example, list) and isinstance(ours, list):
        if example and ours:
            yield from differences(example[0], ours[0], f"{path}[0]")
    elif _kind(example) != _kind(ours):
        yield f"~ {path}"


def _member_differences(
    example: Mapping[str, Any], ours: Mapping[str, Any], path: str
) -> Iterator[str]:
    if path.endswith(".tags"):
        return  # a map: its names are the user's
    yield from (f"- {path}.{name}" for name in sorted(example.keys() - ours.keys()))
    yield from (f"+ {path}.{name}" for name in sorted(ours.keys() - example.keys()))
    for name in sorted(example.keys() & ours.keys()):
        yield from differences(example[name], ours[name], f"{path}.{name}")


def _kind(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__
