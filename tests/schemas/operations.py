"""Which schema holds for which request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.expansion import document, parameter

# Name of a service (namespace, or "secrets" for the data plane) → api-version → file.
SWAGGER = {
    "microsoft.containerinstance": {
        "2023-05-01": "containerinstance-2023-05-01.json",
        "2025-09-01": "containerinstance-2023-05-01.json",  # for what no ARM schema describes
    },
    "microsoft.managedidentity": {
        "2023-01-31": "managedidentity-2023-01-31.json",
        "2024-11-30": "managedidentity-2023-01-31.json",  # likewise
    },
    "microsoft.keyvault": {
        "2023-07-01": "keyvault-2023-07-01.json",
        "2026-02-01": "keyvault-2023-07-01.json",  # likewise
    },
    "microsoft.authorization": {"2022-04-01": "authorization-roleassignments-2022-04-01.json"},
    "roledefinitions": {"2022-04-01": "authorization-roledefinitions-2022-04-01.json"},
    "microsoft.resources": {"2025-04-01": "resourcegroups-own.json"},
    "secrets": {"7.4": "keyvault-data-secrets-7.4.json", "7.5": "keyvault-data-secrets-7.5.json"},
}
ARM_SCHEMAS = {
    ("microsoft.containerinstance", "2025-09-01"): "armschema-containerinstance-2025-09-01.json",
    ("microsoft.managedidentity", "2024-11-30"): "armschema-managedidentity-2024-11-30.json",
    ("microsoft.keyvault", "2026-02-01"): "armschema-keyvault-2026-02-01.json",
}
_SECRETS = re.compile(r"/(deleted)?secrets(/|\Z)", re.IGNORECASE)
_PROVIDER = re.compile(r".*/providers/([^/]+)/(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Operation:
    """One operation of a swagger file; `body` None means that it takes none."""

    file: str
    body: dict[str, Any] | None
    body_file: str
    body_required: bool
    responses: dict[str, dict[str, Any]]


def service_of(path: str) -> str:
    """Give the lower-case namespace of a path; `secrets` for a vault's data plane, and
    `roledefinitions`, which have a swagger file of their own."""
    if _SECRETS.match(path):
        return "secrets"
    found = _PROVIDER.match(path)
    if found and found[2].lower().startswith("roledefinitions"):
        return "roledefinitions"
    return found[1].lower() if found else "microsoft.resources"


def resource_of(path: str) -> tuple[str, str, str]:
    """Give a resource's full type, its key in an ARM schema, and its last name."""
    found = _PROVIDER.match(path.rstrip("/"))
    if found is None:
        return "", "", ""
    segments = found[2].split("/")
    kinds = segments[::2]
    return "/".join([found[1], *kinds]), "_".join(kinds), segments[-1]


def swagger_operation(method: str, path: str, file: str) -> Operation | None:
    """Find the operation of a swagger file at a path, without letter case."""
    for pattern, methods in _paths(file):
        if pattern.match(path) and method.lower() in methods:
            return _operation(methods[method.lower()], file)
    return None


@cache
def _paths(file: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return list(_compiled(file))


def _compiled(file: str) -> Iterator[tuple[re.Pattern[str], dict[str, Any]]]:
    # The fewest variables first: `/secrets/x/versions` is no version of a secret.
    paths = sorted(document(file)["paths"].items(), key=lambda each: each[0].count("{"))
    for template, methods in paths:
        if template.count("/") == 1 and template.startswith("/{"):
            continue  # "/{roleAssignmentId}" would fit everything
        text = re.sub(r"\\?\{scope\\?\}", "(?:.+)", re.escape(template))
        text = re.sub(r"\\\{[^}]*\\\}", "[^/]*", text)
        yield re.compile(f"{text}/?\\Z", re.IGNORECASE), methods


def _operation(entry: dict[str, Any], file: str) -> Operation:
    body, body_file, required = None, file, False
    for one in entry.get("parameters", ()):
        found, found_file = parameter(one, file)
        if found.get("in") == "body":
            body, body_file, required = found["schema"], found_file, found.get("required", False)
    responses = {
        status: answer["schema"]
        for status, answer in entry["responses"].items()
        if "schema" in answer
    }
    return Operation(file, body, body_file, required, responses)
