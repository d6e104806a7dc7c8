"""Names that must be known, and names that must not be taken twice. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.limits import shown
from aci_operator.kinds.container_group.findings import Finding, Spec, all_containers, named


def contradictions(spec: Spec) -> Iterator[Finding]:
    """Find mounts of volumes and uses of secret references that are declared nowhere."""
    yield from _doubles(spec)
    yield from _volumes(spec)
    yield from _paths(spec)
    yield from _secret_references(spec)
    yield from _ports(spec)


def _doubles(spec: Spec) -> Iterator[Finding]:
    """Within each list the API server keeps names apart."""
    both = {each["name"] for _, each in named(spec, "containers")}
    for field, each in named(spec, "initContainers"):
        if each["name"] in both:
            text = "a container has that name too. Rename one of the two."
            yield Finding(reasons.DUPLICATE_CONTAINER_NAME, field, text)


def _volumes(spec: Spec) -> Iterator[Finding]:
    known = sorted(each["name"] for _, each in named(spec, "volumes"))
    for field, container in all_containers(spec):
        for mount in container.get("volumeMounts") or ():
            if mount["name"] not in known:
                text = (
                    f"the spec has no such volume ({_known(known)}). Declare it in spec.volumes, "
                    "or correct the name."
                )
                path = f"{field}.volumeMounts[{mount['name']}]"
                yield Finding(reasons.UNKNOWN_VOLUME, path, text)


def _paths(spec: Spec) -> Iterator[Finding]:
    """The API server refuses these too, in objects that are newer than its rule."""
    for field, volume in named(spec, "volumes"):
        for section in ("secret", "secretReference"):
            for file in volume.get(section) or ():
                if {"/", "\\"} & set(file) or file in (".", ".."):
                    text = (
                        "the name of a file holds no slash or backslash and is neither `.` nor "
                        "`..`. Rename it, or mount the volume deeper."
                    )
                    yield Finding(reasons.PATH_NOT_ALLOWED, f"{field}.{section}[{file}]", text)
        directory = str((volume.get("gitRepo") or {}).get("directory") or "")
        if ".." in directory.split("/"):
            text = "it stays within the volume, so none of its parts is `..`. Take it out."
            yield Finding(reasons.PATH_NOT_ALLOWED, f"{field}.gitRepo.directory", text)


def _secret_references(spec: Spec) -> Iterator[Finding]:
    known = sorted(each["name"] for _, each in named(spec, "secretReferences"))
    for field, name in _used(spec):
        if name not in known:
            text = (
                f"spec.secretReferences has no entry {name} ({_known(known)}). Add it, or correct "
                "the name."
            )
            yield Finding(reasons.UNKNOWN_SECRET_REFERENCE, field, text)


def _used(spec: Spec) -> Iterator[tuple[str, str]]:
    """Give each field that names an entry of `secretReferences`, and the name."""
    for field, container in all_containers(spec):
        for variable in container.get("environmentVariables") or ():
            yield from _field(
                variable,
                f"{field}.environmentVariables[{variable['name']}]",
                "secureValueReference",
            )
    for credential in spec.get("imageRegistryCredentials") or ():
        where = f"spec.imageRegistryCredentials[{credential['server']}]"
        yield from _field(credential, where, "passwordReference")
    for field, volume in named(spec, "volumes"):
        yield from _field(
            volume.get("azureFile") or {}, f"{field}.azureFile", "storageAccountKeyReference"
        )
        for file, name in (volume.get("secretReference") or {}).items():
            yield f"{field}.secretReference[{file}]", name


def _field(holder: Mapping[str, Any], path: str, name: str) -> Iterator[tuple[str, str]]:
    if name in holder:
        yield f"{path}.{name}", holder[name]


def _ports(spec: Spec) -> Iterator[Finding]:
    ports = (spec.get("ipAddress") or {}).get("ports") or ()
    counted = Counter((each["port"], each.get("protocol", "TCP").upper()) for each in ports)
    for (port, protocol), times in counted.items():
        if times > 1:
            text = f"port {port} ({protocol}) stands there {times} times. Keep one."
            yield Finding(reasons.DUPLICATE_PORT, "spec.ipAddress.ports", text)


def _known(names: list[str]) -> str:
    return f"it has {shown(names)}" if names else "it has none"
