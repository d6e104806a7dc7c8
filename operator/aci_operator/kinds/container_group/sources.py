"""What in a spec stands for a value from elsewhere: every `...From` and `...Ref`, by path.

The path is the one that a user knows: list entries by their name or server, files of a secret
volume by theirs, as in `spec.volumes[certs].secret[tls.key]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FREE = frozenset({"settings", "keyValuePairs", "metadata"})
"""Maps of the user's own, in which nothing stands for anything else."""
VAULT = "keyVaultRef"
FILES = "secret"
"""A secret volume's map of files: each value is a source, whatever its name."""
SECTIONS = (
    "osType",
    "restartPolicy",
    "sku",
    "priority",
    "containers",
    "initContainers",
    "volumes",
    "ipAddress",
    "dnsConfig",
    "subnetIds",
    "diagnostics",
    "imageRegistryCredentials",
    "encryptionProperties",
    "confidentialComputeProperties",
    "extensions",
    "secretReferences",
    "identityAcls",
    "containerGroupProfile",
    "standbyPoolProfile",
)
"""Fields of spec that stand in `properties` of the body."""


def is_source(name: str, value: Any) -> bool:
    """Whether a field is a `...From: {secretKeyRef}`."""
    return name.endswith("From") and isinstance(value, Mapping) and "secretKeyRef" in value


def is_reference(name: str, value: Any) -> bool:
    """Whether a field is a `...Ref: {name | id}`."""
    return name.endswith("Ref") and isinstance(value, Mapping)


def entries(items: Sequence[Any], path: str) -> Iterator[tuple[str, Any]]:
    """Give the entries of a list, each with its path."""
    for place, item in enumerate(items):
        named = item if isinstance(item, Mapping) else {}
        yield f"{path}[{named.get('name') or named.get('server') or place}]", item


def secrets(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every source of a write-only value: path and `{secretKeyRef}`."""
    for path, value in _walk(spec):
        if "secretKeyRef" in value:
            yield path, value


def references(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every `identityRef` of the sections: path and `{name | id}`."""
    for path, value in _walk(spec):
        if path.endswith(".identityRef"):
            yield path, value


def vaults(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every `keyVaultRef` of the sections: path and `{name | id}`."""
    for path, value in _walk(spec):
        if path.endswith(f".{VAULT}"):
            yield path, value


def _walk(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section in SECTIONS:
        if section in spec:
            yield from _below(spec[section], f"spec.{section}")


def _below(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, list | tuple):
        for where, item in entries(value, path):
            yield from _below(item, where)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _member(name, inner, f"{path}.{name}")


def _member(name: str, value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if name in FREE:
        return
    if name == FILES:
        yield from ((f"{path}[{file}]", source) for file, source in value.items())
    elif is_source(name, value) or is_reference(name, value):
        yield path, value
    else:
        yield from _below(value, path)
