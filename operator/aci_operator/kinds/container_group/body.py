"""The body of a group's PUT: a pure function of the spec and its resolved inputs.

What the spec leaves out is left out of the body; nothing comes from a GET (azure.md section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Inputs:
    """What a pass has resolved for the body. `repr` never shows a secret."""

    location: str
    identity_ids: tuple[str, ...] = ()
    """In the order and letter case of `spec.identity.userAssigned`."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Path of the spec's `...From` field -> value."""


def build(spec: Spec, inputs: Inputs) -> dict[str, Any]:
    """Give the body without tags."""
    properties: dict[str, Any] = {
        "containers": [_container(container, inputs) for container in spec["containers"]],
    }
    if "osType" in spec:
        properties["osType"] = spec["osType"]
    for name in ("restartPolicy", "ipAddress"):
        if name in spec:
            properties[name] = _plain(spec[name])
    if "imageRegistryCredentials" in spec:
        properties["imageRegistryCredentials"] = [
            _credential(credential, inputs) for credential in spec["imageRegistryCredentials"]
        ]
    body: dict[str, Any] = {"location": inputs.location, "properties": properties}
    if "identity" in spec:
        body["identity"] = _identity(spec["identity"], inputs)
    return body


def environment_path(container: str, variable: str) -> str:
    """Give the path of a secure environment variable's source."""
    return f"spec.containers[{container}].environmentVariables[{variable}].secureValueFrom"


def password_path(server: str) -> str:
    """Give the path of a registry password's source."""
    return f"spec.imageRegistryCredentials[{server}].passwordFrom"


def _container(container: Spec, inputs: Inputs) -> dict[str, Any]:
    properties = {name: _plain(value) for name, value in container.items() if name != "name"}
    if "environmentVariables" in container:
        properties["environmentVariables"] = [
            _variable(container["name"], variable, inputs)
            for variable in container["environmentVariables"]
        ]
    return {"name": container["name"], "properties": properties}


def _variable(container: str, variable: Spec, inputs: Inputs) -> dict[str, Any]:
    if "secureValueFrom" not in variable:
        return {"name": variable["name"], "value": variable.get("value", "")}
    secret = inputs.secrets[environment_path(container, variable["name"])]
    return {"name": variable["name"], "secureValue": secret}


def _credential(credential: Spec, inputs: Inputs) -> dict[str, Any]:
    plain = {name: value for name, value in credential.items() if name != "passwordFrom"}
    if "passwordFrom" in credential:
        plain["password"] = inputs.secrets[password_path(credential["server"])]
    return plain


def _identity(identity: Spec, inputs: Inputs) -> dict[str, Any]:
    body: dict[str, Any] = {"type": identity["type"]}
    if inputs.identity_ids:
        body["userAssignedIdentities"] = {id_: {} for id_ in inputs.identity_ids}
    return body


def _plain(value: Any) -> Any:
    """Copy JSON, so that the object in the store can never be changed through a body."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
