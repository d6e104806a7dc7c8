"""Read files: ARM templates, ACI's YAML, bodies of groups, parameter files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .values import Hidden

MAX_BYTES = 4 * 1024 * 1024
"""Azure's own limit for a template."""


class Unreadable(Exception):
    """A file that is no input of this command; the text says what to do."""


class _Loader(yaml.SafeLoader):
    """YAML in which a date stays the text that it is in an `apiVersion`."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> list[dict[str, Any]]:
    """Give the documents of a file. Raises Unreadable."""
    if path.suffix.lower() in (".bicep", ".bicepparam"):
        way = f"compile it first: az bicep build --file {path.name}, then convert the JSON file"
        raise Unreadable(f"{path.name} is Bicep, which is not read here; {way}")
    text = _text(path)
    try:
        if path.suffix.lower() == ".json" or text.lstrip().startswith("{"):
            documents = [json.loads(text)]
        else:
            documents = [part for part in yaml.load_all(text, _Loader) if part is not None]
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise Unreadable(f"{path.name}: {_brief(error)}") from None
    if not documents or not all(isinstance(part, dict) for part in documents):
        raise Unreadable(f"{path.name} holds no object")
    return documents


def is_template(document: Mapping[str, Any]) -> bool:
    """Say whether a document is an ARM template."""
    return "deploymenttemplate.json" in str(document.get("$schema", "")).lower() or (
        "resources" in document and "properties" not in document
    )


def is_body(document: Mapping[str, Any]) -> bool:
    """Say whether a document is a container group's body."""
    properties = next((v for k, v in document.items() if k.lower() == "properties"), None)
    return isinstance(properties, Mapping) and "containers" in {k.lower() for k in properties}


def parameters(path: Path) -> dict[str, Any]:
    """Give the values of a parameter file, by name in lower case. Raises Unreadable.

    A reference to a vault is Hidden: nobody reads the vault here.
    """
    (document, *_) = read(path)
    section = document.get("parameters", document)
    if not isinstance(section, Mapping):
        raise Unreadable(f"{path.name} holds no parameters")
    found: dict[str, Any] = {}
    for name, entry in section.items():
        if isinstance(entry, Mapping) and "reference" in entry:
            found[name.lower()] = Hidden(f"parameters('{name}')")
        elif isinstance(entry, Mapping) and "value" in entry:
            found[name.lower()] = entry["value"]
        elif name.lower() not in ("$schema", "contentversion"):
            raise Unreadable(f"{path.name}: {name} has neither value nor reference")
    return found


def setting(text: str) -> tuple[str, Any]:
    """Read `name=value`; the value is JSON where it can be read so. Raises Unreadable."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Unreadable(f"--set {name}: NAME=VALUE is expected")
    try:
        return name.strip().lower(), json.loads(value)
    except ValueError:
        return name.strip().lower(), value


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise Unreadable(f"{path.name} has more than {MAX_BYTES} bytes")
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{path.name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is no UTF-8 text") from None


def _brief(error: Exception) -> str:
    """Give line and column, never the text around them, which may hold a secret."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"no YAML at line {mark.line + 1}, column {mark.column + 1}"
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON at line {error.lineno}, column {error.colno}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else "not readable"
