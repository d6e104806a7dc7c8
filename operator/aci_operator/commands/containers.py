"""Which container a person means by a ContainerGroup's name, and where it is in Azure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Key, Object
from aci_operator.kube import paths
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Denied, Gone

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", re.ASCII)


class Refused(Exception):
    """What was asked for cannot be; the text says why, and the way out."""


@dataclass(frozen=True)
class Container:
    """One container in Azure."""

    group_id: str
    """The group's ARM ID."""
    name: str
    windows: bool = False


async def find(kube: Kube, namespace: str, name: str, container: str | None) -> Container:
    """Read the object and choose. Raises Refused, and KubeError if the API server is not there."""
    for text in (namespace, name):
        if not _NAME.fullmatch(text):
            raise Refused(f"{text!r}: no name that an object can have")
    key = Key(CONTAINER_GROUP.kind, namespace, name)
    try:
        body = await kube.get(paths.of_object(key))
    except Gone:
        way = f"see kubectl get containergroups -n {namespace}, or name another namespace with -n"
        raise Refused(f"{key} is not there: {way}") from None
    except Denied as error:
        raise Refused(f"{error}: reading it needs `get` on containergroups") from None
    return choose(Object.parse({"kind": key.kind, **body}), container)


def choose(group: Object, container: str | None) -> Container:
    """Choose the container of that name, or the only one. Raises Refused. Pure."""
    id = group.status.get("id")
    if not id:
        way = "kubectl describe tells what it waits for"
        raise Refused(f"{group.key} is not in Azure yet (no status.id): {way}")
    plain, starters = _names(group, "containers"), _names(group, "initContainers")
    there = ", ".join([*plain, *(f"{each} (init)" for each in starters)])
    if container is None and len(plain) != 1:
        raise Refused(f"{group.key} has several containers; choose one with -c: {there}")
    name = container or plain[0]
    if name not in (*plain, *starters):
        raise Refused(f"{group.key} has no container {name!r}; it has: {there}")
    return Container(str(id), name, group.spec.get("osType") == "Windows")


def _names(group: Object, field: str) -> list[str]:
    """Go by what runs, and before anything is known of that by what shall run."""
    rows = group.status.get(field) or group.spec.get(field) or ()
    return [str(row["name"]) for row in rows]
