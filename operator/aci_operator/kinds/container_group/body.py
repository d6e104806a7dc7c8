"""The body of a group's PUT: a pure function of the spec and its resolved inputs.

What the spec leaves out is left out of the body; nothing comes from a GET (azure.md section 3).
Fields have ARM's names, but for three differences: some objects of ARM hold theirs under
`properties`, `...From` stands for a write-only value, and `...Ref` for an ARM ID or a vault's
address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aci_operator.kinds.container_group import injection, sources, vaults

Spec = Mapping[str, Any]

WRAPPED = ("containers", "initContainers", "extensions")
"""Lists of ARM whose entries are `{name, properties}`."""


@dataclass(frozen=True)
class Inputs:
    """What a pass has resolved for the body. `repr` never shows a secret."""

    location: str
    identity_ids: tuple[str, ...] = ()
    """In the order and letter case of `spec.identity.userAssigned`."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Path of the spec's `...From` field -> value; that of a secret volume's file is in base64."""
    arm_ids: Mapping[str, str] = field(default_factory=dict)
    """Path of an `identityRef` -> ARM ID."""
    vault_urls: Mapping[str, str] = field(default_factory=dict)
    """Path of a `keyVaultRef` -> the vault's address."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What each container is told of its identity (`injection`); init containers have none."""


def build(spec: Spec, inputs: Inputs) -> dict[str, Any]:
    """Give the body without tags."""
    properties = {
        section: _carried(spec[section], f"spec.{section}", inputs)
        for section in sources.SECTIONS
        if section in spec
    }
    for section in WRAPPED:
        if section in properties:
            properties[section] = [_wrapped(entry) for entry in properties[section]]
    if inputs.variables:
        told = (injection.injected(each, inputs.variables) for each in properties["containers"])
        properties["containers"] = list(told)
    body: dict[str, Any] = {"location": inputs.location, "properties": properties}
    if "zones" in spec:
        body["zones"] = list(spec["zones"])
    if "identity" in spec:
        body["identity"] = _identity(spec["identity"], inputs)
    return body


def _carried(value: Any, path: str, inputs: Inputs) -> Any:
    """Copy JSON, so that the object in the store can never be changed through a body."""
    if isinstance(value, Mapping):
        if sources.VAULT in value:
            value = vaults.filled(value, inputs.vault_urls[f"{path}.{sources.VAULT}"])
        members = (_member(name, each, f"{path}.{name}", inputs) for name, each in value.items())
        return dict(members)
    if isinstance(value, list | tuple):
        return [_carried(item, where, inputs) for where, item in sources.entries(value, path)]
    return value


def _member(name: str, value: Any, path: str, inputs: Inputs) -> tuple[str, Any]:
    """Give a member's name and value as ARM has them."""
    if name in sources.FREE:
        return name, _plain(value)
    if name == sources.FILES:
        return name, {file: inputs.secrets[f"{path}[{file}]"] for file in value}
    if name == "protectedSettingsFrom":
        return "protectedSettings", json.loads(inputs.secrets[path] or "{}")
    if sources.is_source(name, value):
        return name.removesuffix("From"), inputs.secrets[path]
    if sources.is_reference(name, value):
        return name.removesuffix("Ref"), inputs.arm_ids[path]
    return name, _carried(value, path, inputs)


def _wrapped(entry: Mapping[str, Any]) -> dict[str, Any]:
    inner = {name: value for name, value in entry.items() if name != "name"}
    return {"name": entry["name"], "properties": inner}


def _identity(identity: Spec, inputs: Inputs) -> dict[str, Any]:
    body: dict[str, Any] = {"type": identity["type"]}
    if inputs.identity_ids:
        body["userAssignedIdentities"] = {id_: {} for id_ in inputs.identity_ids}
    return body


def _plain(value: Any) -> Any:
    """Copy JSON of the user's own, in which nothing stands for anything else."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
