"""The normal form of a container or an init container (azure.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Normal = dict[str, Any]
SECURE = "(secure)"
"""Stands for every write-only value: Azure never returns one (azure.md section 3)."""


def container(path: str, sent: Mapping[str, Any]) -> Normal:
    """Give the normal form of one container's properties."""
    settings = (sent.get("configMap") or {}).get("keyValuePairs") or {}
    return {
        f"{path}.image": sent.get("image"),
        f"{path}.command": tuple(sent.get("command") or ()),
        f"{path}.ports": ports(sent.get("ports")),
        **_resources(path, sent.get("resources") or {}),
        **_variables(path, sent),
        **_mounts(path, sent),
        **_probe(f"{path}.livenessProbe", sent.get("livenessProbe") or {}),
        **_probe(f"{path}.readinessProbe", sent.get("readinessProbe") or {}),
        **flat(f"{path}.securityContext", sent.get("securityContext") or {}),
        **{f"{path}.configMap.{name}": value for name, value in settings.items()},
    }


def ports(listed: Any) -> tuple[tuple[int, str], ...]:
    """An absent protocol works as TCP and stays absent in answers."""
    return tuple((port["port"], word(port.get("protocol"), "TCP")) for port in listed or ())


class Word(str):
    """A text whose letter case means nothing to Azure; it is shown as it is written."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and self.lower() == other.lower()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.lower())


def word(value: str | None, default: str) -> Word:
    """Give an enumeration's word, or Azure's default."""
    return Word(value or default)


def flat(path: str, value: Any) -> Normal:
    """Give every leaf below a path; false, null and empty are as absent, numbers are numbers."""
    if isinstance(value, Mapping):
        form: Normal = {}
        for name, inner in value.items():
            form.update(flat(f"{path}.{name}", inner))
        return form
    if isinstance(value, list | tuple):
        items = tuple(_item(item) for item in value)
        return {path: items} if items else {}
    return {} if value is None or value is False else {path: value}


def _item(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _resources(path: str, resources: Mapping[str, Any]) -> Normal:
    form: Normal = {}
    for which in ("requests", "limits"):
        amounts = resources.get(which) or {}
        for name in ("cpu", "memoryInGB"):
            if amounts.get(name) is not None:
                form[f"{path}.resources.{which}.{name}"] = float(amounts[name])
        gpu = amounts.get("gpu") or {}
        if gpu:
            form[f"{path}.resources.{which}.gpu"] = (gpu.get("count"), word(gpu.get("sku"), ""))
    return form


def _variables(path: str, sent: Mapping[str, Any]) -> Normal:
    """A secure value comes back as its bare name; a plain one keeps its value."""
    return {
        f"{path}.environmentVariables[{variable['name']}]": _value(variable)
        for variable in sent.get("environmentVariables") or ()
    }


def _value(variable: Mapping[str, Any]) -> str:
    if variable.get("secureValueReference") is not None:
        return f"(reference {variable['secureValueReference']})"
    value = variable.get("value")
    return SECURE if value is None else str(value)


def _mounts(path: str, sent: Mapping[str, Any]) -> Normal:
    """An absent readOnly works as false and stays absent in answers."""
    return {
        f"{path}.volumeMounts[{mount['mountPath']}]": (
            mount["name"],
            "read-only" if mount.get("readOnly") else "read-write",
        )
        for mount in sent.get("volumeMounts") or ()
    }


def _probe(path: str, probe: Mapping[str, Any]) -> Normal:
    kind = next((name for name in ("exec", "httpGet") if probe.get(name)), None)
    form: Normal = {path: kind, **flat(path, probe)}
    scheme = f"{path}.httpGet.scheme"
    return {**form, scheme: Word(form[scheme])} if scheme in form else form
