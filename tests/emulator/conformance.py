"""Every answer that a test of the emulator gets is held against Azure's schemas, once a shape.

So is every request that was accepted; one that was refused is meant to be wrong. What differs
with a reason stands in `schema_differences`.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from emulator.schema_differences import SCHEMA_DIFFERENCES
from schemas import validate_request, validate_resource, validate_response
from schemas.operations import SWAGGER, resource_of, service_of, swagger_operation

_NAME = re.compile(r"(?<=/)[^/]+(?=/|\Z)")
_ERROR_MEMBERS = frozenset({"code", "message", "target", "details", "innererror", "additionalInfo"})
_WHOLE = ("GET", "PUT", "PATCH")

_seen: set[Any] = set()
checked: dict[str, int] = {}
"""How many distinct shapes were held against a schema, by service and api-version."""


def hold(method: str, path: str, version: str, sent: Any, status: int, body: Any) -> None:
    """Fail, telling why, if a request that was accepted or its answer is none of Azure's."""
    path = urlsplit(path).path
    key = (method, _pattern(path), version, status, repr(_shape(sent)), repr(_shape(body)))
    if key in _seen:
        return
    _seen.add(key)
    problems = _problems(method, path, version, sent, status, body)
    unknown = [each for each in problems if not is_listed(method, path, status, each)]
    assert not unknown, f"{method} {path} {version} {status}: " + "; ".join(unknown)


def is_listed(method: str, path: str, status: int, problem: str) -> bool:
    """Tell whether a problem stands in the reviewed list."""
    where = f"{method} {path.lower()} {status}"
    return any(
        fnmatchcase(where, pattern) and fnmatchcase(problem, text.replace("[", "[[]"))
        for pattern, text, _ in SCHEMA_DIFFERENCES
    )


def _problems(method: str, path: str, version: str, sent: Any, status: int, body: Any) -> list[str]:
    if status >= 400:
        return [] if body is None else _error_problems(body)
    service = service_of(path)
    file = SWAGGER.get(service, {}).get(version)
    if file is None or swagger_operation(method, path, file) is None:
        return []
    checked[f"{service} {version}"] = checked.get(f"{service} {version}", 0) + 1
    problems = [f"request {each}" for each in validate_request(method, path, version, sent)]
    if status in (200, 201):
        problems += _answer_problems(method, path, version, status, body)
    return problems


def _answer_problems(method: str, path: str, version: str, status: int, body: Any) -> list[str]:
    kind, _, _ = resource_of(path)
    newer = validate_resource(kind, version, body) if method in _WHOLE and body else None
    if newer is not None and "value" not in body:
        return newer
    if newer is not None:
        found = [validate_resource(kind, version, each) or [] for each in body["value"]]
        return [problem for problems in found for problem in problems]
    return validate_response(method, path, version, status, body)


def _error_problems(body: Any) -> list[str]:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or set(body) != {"error"}:
        return [f"no error of Azure's: {sorted(body) if isinstance(body, dict) else body!r}"]
    texts = (error.get("code"), error.get("message"))
    problems = [f"error member {name}" for name in error.keys() - _ERROR_MEMBERS]
    if not all(isinstance(text, str) and text for text in texts):
        problems.append("an error without a code or a message")
    return problems


def _pattern(path: str) -> str:
    """Blur the names of a path: every second segment below a collection."""
    segments = path.lower().strip("/").split("/")
    return "/".join(each if place % 2 == 0 else "*" for place, each in enumerate(segments))


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [_shape(each) for each in value[:3]]
    return type(value).__name__
