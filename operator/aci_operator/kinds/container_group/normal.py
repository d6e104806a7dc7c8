"""The normal form of a group's body: path of the spec -> value, as Azure compares values.

A body that we would send and a body that Azure answers have the same normal form when nothing
differs: azure.md section 4 says what Azure adds, leaves out, and writes in another way. Only what
the CRD can say takes part; fields that nobody here knows are never drift.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]
Normal = dict[str, Any]

COMPARED = (
    "osType",
    "restartPolicy",
    "identity.type",
    "identity.userAssigned",
    "ipAddress.type",
    "ipAddress.ports",
    "ipAddress.dnsNameLabel",
    "containers[*].image",
    "containers[*].command",
    "containers[*].ports",
    "containers[*].resources.requests.*",
    "containers[*].resources.limits.*",
    "containers[*].environmentVariables[*]",
    "imageRegistryCredentials[*].username",
    "tags.*",
)
"""Paths below spec that `differences` can give, and their beginnings."""
SECURE = "(secure)"
"""Stands for every write-only value: Azure never returns one (azure.md section 3)."""


def normal(body: Body) -> Normal:
    """Give the normal form of a request's or an answer's body."""
    properties = body["properties"]
    form: Normal = {
        "spec.osType": _word(properties.get("osType"), "Linux"),
        # An absent policy stays absent in answers and works as Always.
        "spec.restartPolicy": _word(properties.get("restartPolicy"), "Always"),
    }
    form.update(_identity(body.get("identity") or {}))
    form.update(_address(properties.get("ipAddress") or {}))
    containers = properties.get("containers") or ()
    form["spec.containers"] = tuple(sorted(container["name"] for container in containers))
    for container in containers:
        form.update(_container(f"spec.containers[{container['name']}]", container["properties"]))
    for credential in properties.get("imageRegistryCredentials") or ():
        path = f"spec.imageRegistryCredentials[{credential['server']}]"
        form[f"{path}.username"] = credential.get("username")
    return form


def differences(desired: Body, observed: Body) -> tuple[str, ...]:
    """List the paths in which the two differ, in the order of the normal form.

    A container that only one of them has is one difference, in `spec.containers`.
    """
    wanted, seen = normal(desired), normal(observed)
    paths = [path for path in wanted if wanted[path] != seen.get(path)]
    paths += [path for path in seen if path not in wanted and seen[path] is not None]
    lone = set(wanted["spec.containers"]) ^ set(seen["spec.containers"])
    below = tuple(f"spec.containers[{name}]." for name in lone)
    return tuple(path for path in paths if not path.startswith(below))


def _identity(identity: Body) -> Normal:
    """Order, spaces and letter case of the type's words mean nothing; nor does an ID's case."""
    words = {word.strip().lower() for word in (identity.get("type") or "None").split(",")}
    ids = identity.get("userAssignedIdentities") or {}
    return {
        "spec.identity.type": tuple(sorted(words)),
        "spec.identity.userAssigned": tuple(sorted(id_.lower() for id_ in ids)),
    }


def _address(address: Body) -> Normal:
    if not address:
        return {"spec.ipAddress.type": None}
    return {
        "spec.ipAddress.type": _word(address.get("type"), "Public"),
        "spec.ipAddress.ports": _ports(address.get("ports")),
        "spec.ipAddress.dnsNameLabel": address.get("dnsNameLabel"),
    }


def _container(path: str, container: Body) -> Normal:
    form: Normal = {
        f"{path}.image": container.get("image"),
        f"{path}.command": tuple(container.get("command") or ()),
        f"{path}.ports": _ports(container.get("ports")),
    }
    resources = container.get("resources") or {}
    for which in ("requests", "limits"):
        amounts = resources.get(which) or {}
        for name in ("cpu", "memoryInGB"):
            if amounts.get(name) is not None:
                form[f"{path}.resources.{which}.{name}"] = float(amounts[name])
    for variable in container.get("environmentVariables") or ():
        # A secure value comes back as its bare name; a plain one keeps its value.
        value = variable.get("value")
        form[f"{path}.environmentVariables[{variable['name']}]"] = (
            SECURE if value is None else value
        )
    return form


def _ports(ports: Any) -> tuple[tuple[int, str], ...]:
    """An absent protocol works as TCP and stays absent in answers."""
    return tuple((port["port"], _word(port.get("protocol"), "TCP")) for port in ports or ())


def _word(value: str | None, default: str) -> str:
    return (value or default).lower()
