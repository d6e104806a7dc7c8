"""The three questions that tests ask."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft4Validator

from schemas.expansion import Expander, document
from schemas.operations import (
    ARM_SCHEMAS,
    SWAGGER,
    Operation,
    resource_of,
    service_of,
    swagger_operation,
)

# Not in the swagger of 2023-05-01, yet answered: azure.md section 4.
_EXTRA = {
    "properties": (
        "provisioningTimeoutInSeconds",
        "isCustomProvisioningTimeout",
        "isCreatedFromStandbyPool",
        "secretReferences",
        "identityAcls",
        "containerGroupProfile",
        "standbyPoolProfile",
    ),
    "container": ("configMap",),
}


class Call(Protocol):
    """What `validate_call` reads of a recorded call."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def body(self) -> Any: ...


def validate_call(call: Call) -> list[str]:
    """Validate a call that the emulator recorded; problems begin with its method and path."""
    parts = urlsplit(call.path)
    version = parse_qs(parts.query).get("api-version", [""])[0]
    problems = validate_request(call.method, parts.path, version, call.body)
    return [f"{call.method} {parts.path}: {problem}" for problem in problems]


def validate_request(method: str, path: str, api_version: str, body: Any) -> list[str]:
    """Validate a request's body; gives the problems, none for a valid one.

    A PUT of a resource is held against the ARM schema of its version where there is one, all
    else against the swagger. Members that are not declared, and in swagger read-only ones, are
    problems; so is a request that no schema describes. GET and DELETE must have no body.
    """
    if method in ("GET", "HEAD", "DELETE"):
        return [] if body is None else [f"{method} with a body"]
    service = service_of(path)
    arm = ARM_SCHEMAS.get((service, api_version)) if method == "PUT" else None
    kind, key, name = resource_of(path)
    if arm and key in _definitions(arm):
        whole = {**body, "name": name, "type": kind, "apiVersion": api_version}
        return _problems(_arm_validator(arm, key), whole)
    file = SWAGGER.get(service, {}).get(api_version)
    operation = swagger_operation(method, path, file) if file else None
    if operation is None:
        return [f"no schema for {method} of {service} {api_version}"]
    if operation.body is None or (body is None and not operation.body_required):
        return [] if body is None else ["a body, where none is taken"]
    return _problems(_request_validator(method, path, operation), body)


def validate_response(
    method: str, path: str, api_version: str, status: int, body: Any
) -> list[str]:
    """Validate an answer's body by the swagger, as far as the swagger knows the members.

    Members that only newer versions have, or that the service answers without declaring them,
    are allowed by name.
    """
    file = SWAGGER.get(service_of(path), {}).get(api_version)
    operation = swagger_operation(method, path, file) if file else None
    if operation is None:
        return [f"no schema for {method} of {service_of(path)} {api_version}"]
    schema = operation.responses.get(str(status)) or operation.responses.get("default")
    if schema is None or str(status) not in operation.responses:
        return [] if body is None or schema is not None else ["a body, where none is declared"]
    expanded = Expander("response").expand(schema, operation.file)
    _allow_extra(expanded)
    return _problems(Draft4Validator(expanded), body)


@cache
def _definitions(file: str) -> Mapping[str, Any]:
    found: dict[str, Any] = document(file)["resourceDefinitions"]
    return found


@cache
def _arm_validator(file: str, key: str) -> Draft4Validator:
    expanded = Expander("request").expand(_definitions(file)[key], file)
    if key == "userAssignedIdentities":
        # A quirk of the generated schema: recorded requests hold no properties at all.
        expanded["required"].remove("properties")
    _decimal_amounts(expanded)
    return Draft4Validator(expanded)


_by_operation: dict[tuple[str, str], Draft4Validator] = {}


def _request_validator(method: str, path: str, operation: Operation) -> Draft4Validator:
    key = (operation.file, f"{method} {operation.body}")
    if key not in _by_operation:
        assert operation.body is not None
        expanded = Expander("request").expand(operation.body, operation.body_file)
        _by_operation[key] = Draft4Validator(expanded)
    return _by_operation[key]


def _problems(validator: Draft4Validator, body: Any) -> list[str]:
    errors = sorted(validator.iter_errors(body), key=lambda error: error.json_path)
    return [f"{error.json_path}: {error.message}" for error in errors]


def _decimal_amounts(schema: Any) -> None:
    """Let cpu and memoryInGB be decimal: the generated ARM schema says "integer", wrongly."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in ("cpu", "memoryInGB") and inner.get("type") == "integer":
                inner["type"] = "number"
        for inner in schema.values():
            _decimal_amounts(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _decimal_amounts(inner)


def _allow_extra(schema: Any) -> None:
    if isinstance(schema, dict):
        properties = schema.get("properties", {})
        if isinstance(properties, dict):
            if "osType" in properties:
                properties.update({name: {} for name in _EXTRA["properties"]})
            if "image" in properties and "resources" in properties:
                properties.update({name: {} for name in _EXTRA["container"]})
        for inner in schema.values():
            _allow_extra(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _allow_extra(inner)
