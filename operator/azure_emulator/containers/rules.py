"""What ACI refuses in a body that it can read (azure.md sections 7.1 and 9).

Codes marked "made up" are not in the sources: only the rule is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from azure_emulator.containers.assigned import Wanted
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_VOLUME_NAME = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{3,61}[a-z0-9]\Z")
_LABEL = re.compile(r"[a-z][a-z0-9-]{3,61}[a-z0-9]\Z")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}\Z")


@dataclass(frozen=True)
class Proposal:
    """A group as a PUT proposes it; `properties` after `normalisation.without_read_only`."""

    name: str
    api_version: str
    properties: Mapping[str, Any]
    identity: Wanted
    settings: Settings

    @property
    def containers(self) -> list[Mapping[str, Any]]:
        """The containers, init containers apart."""
        return list(self.properties["containers"])

    @property
    def all_containers(self) -> Iterable[Mapping[str, Any]]:
        """The containers and the init containers."""
        return [*self.containers, *(self.properties.get("initContainers") or [])]


def check(proposal: Proposal) -> None:
    """Refuse what breaks a rule; raises AzureError 400 with ACI's code for the first found."""
    for rule in RULES:
        rule(proposal)


def _refuse(code: str, message: str) -> AzureError:
    return AzureError(400, code, message)


def _names(proposal: Proposal) -> None:
    """Section 9: groups and containers 1-63, lower-case, no hyphen at the edge; code made up."""
    names = [proposal.name, *(one["name"] for one in proposal.all_containers)]
    for name in names:
        if not _NAME.match(name):
            raise _refuse(
                "InvalidContainerName",
                f"The name '{name}' in container group '{proposal.name}' is invalid. It must be 1 "
                "to 63 lower-case letters, digits and hyphens, without a hyphen at an end.",
            )
    if len(set(names[1:])) != len(names[1:]):
        raise _refuse(
            "DuplicateContainerName",
            f"The container names in container group '{proposal.name}' are not unique.",
        )


def _counts(proposal: Proposal) -> None:
    """Section 9: 60 containers, 20 volumes, 5 ports; codes made up."""
    properties = proposal.properties
    ports = properties.get("ipAddress", {}).get("ports", [])
    counts = (
        ("containers", len(proposal.containers), 1, 60),
        ("volumes", len(properties.get("volumes") or []), 0, 20),
        ("ipAddress.ports", len(ports), 1 if "ipAddress" in properties else 0, 5),
    )
    for name, count, least, most in counts:
        if not least <= count <= most:
            raise _refuse(
                "InvalidContainerGroupCount",
                f"The number of '{name}' in container group '{proposal.name}' is {count}. It must "
                f"be between {least} and {most}.",
            )


def _os_type(proposal: Proposal) -> None:
    properties = proposal.properties
    if "osType" not in properties and "containerGroupProfile" in properties:
        return  # a profile may supply it, from 2025-09-01 (section 14)
    if properties.get("osType") not in ("Windows", "Linux"):
        raise _refuse(
            "InvalidOsType",
            "The 'osType' for container group '<null>' is invalid. The value must be one of "
            "'Windows,Linux'.",
        )


def _images(proposal: Proposal) -> None:
    """The swagger requires an image; code made up."""
    for container in proposal.containers:
        if not container["properties"].get("image"):
            raise _refuse(
                "InvalidImage",
                f"The image of container '{container['name']}' in container group "
                f"'{proposal.name}' is not specified.",
            )


def _requests(proposal: Proposal) -> None:
    """The first text is quoted in MicrosoftLearning/mslearn-azure-developer#67."""
    for container in proposal.containers:
        requests = container["properties"].get("resources", {}).get("requests")
        where = f"in container '{container['name']}' of contain group '{proposal.name}'"
        if requests is None:
            raise _refuse(
                "ResourceRequestsNotSpecified",
                f"The resource requests are not specified {where}. Both memory and CPU requests "
                "are required since API version '2017-07-01-preview'.",
            )
        if not requests.get("cpu") or not requests.get("memoryInGB"):
            raise _refuse(
                "ResourceSomeRequestsNotSpecified",
                f"Some resource requests are not specified {where}. Both memory and CPU requests "
                "are required since API version '2017-07-01-preview'.",
            )


def _limits(proposal: Proposal) -> None:
    """The codes are quoted in Azure/AKS#2373 and virtual-kubelet/virtual-kubelet#143."""
    for member, word in (("cpu", "Cpu"), ("memoryInGB", "MemoryInGB")):
        amounts = [one["properties"]["resources"] for one in proposal.containers]
        total = sum(amount["requests"][member] for amount in amounts)
        for container, amount in zip(proposal.containers, amounts, strict=True):
            limit = amount.get("limits", {}).get(member)
            if limit is None:
                continue
            if limit < amount["requests"][member]:
                raise _refuse(
                    "ResourceLimitsLessThanRequests",
                    f"The resource requirement in container '{container['name']}' of contain group "
                    f"'{proposal.name}' is invalid. The '{word}' limit value must be greater than "
                    "or equal to the request value.",
                )
            if limit > total:
                raise _refuse(
                    "ContainerLimitGreaterThanContainerGroupTotalRequest",
                    f"The '{word}' limit '{limit:g}' in container '{container['name']}' is greater "
                    f"than the total request '{total:g}' of container group '{proposal.name}'.",
                )


def _variables(proposal: Proposal) -> None:
    for container in proposal.all_containers:
        for variable in container["properties"].get("environmentVariables") or []:
            if not _VARIABLE.match(variable["name"]):
                raise _refuse(
                    "InvalidContainerEnvironmentVariable",
                    f"The environment variable name '{variable['name']}' in container "
                    f"'{container['name']}' of container group '{proposal.name}' is invalid. It "
                    "must match the regular expression '[A-Za-z_][A-Za-z0-9_]*'.",
                )


def _registries(proposal: Proposal) -> None:
    known = {arm_id.lower() for arm_id in proposal.identity.ids}
    for entry in proposal.properties.get("imageRegistryCredentials") or []:
        if entry.get("identity"):
            _registry_identity(proposal, entry, known)
        elif not entry.get("password") and not entry.get("passwordReference"):
            raise _refuse(
                "InvalidImageRegistryPassword",  # made up; the text is quoted in CLI#8545
                "The password in the 'imageRegistryCredentials' of container group "
                f"'{proposal.name}' cannot be empty.",
            )


def _registry_identity(proposal: Proposal, entry: Mapping[str, Any], known: set[str]) -> None:
    where = f"in the 'imageRegistryCredentials' of container group '{proposal.name}'"
    if proposal.api_version < "2021-07-01":
        raise _refuse(
            "InvalidImageRegistryCredentialType",
            f"The credential type {where} is invalid for this API version.",
        )
    if entry.get("username") or entry.get("password"):
        raise _refuse(
            "AmbiguousImageResitryCredentialType",  # misspelt by the service
            f"The credential type {where} is ambiguous.",
        )
    if entry["identity"].lower() not in known:
        raise _refuse(
            "InvalidImageRegistryIdentity",
            f"The identity {where} not found in container group identity list.",
        )


def _volumes(proposal: Proposal) -> None:
    """Names: section 9 (code made up); the storage key: section 3."""
    volumes = proposal.properties.get("volumes") or []
    for volume in volumes:
        if not _VOLUME_NAME.match(volume["name"]):
            raise _refuse(
                "InvalidVolumeName",
                f"The volume name '{volume['name']}' in container group '{proposal.name}' is "
                "invalid. It must be 5 to 63 lower-case letters, digits and single hyphens.",
            )
        keys = ("storageAccountKey", "storageAccountKeyReference", "userAssignedIdentityClientId")
        if "azureFile" in volume and not any(volume["azureFile"].get(key) for key in keys):
            raise _refuse(
                "InvalidStorageAccountKey",
                f"The storage account key of volume '{volume['name']}' in container group "
                f"'{proposal.name}' is invalid.",
            )
    names = {volume["name"] for volume in volumes}
    for container in proposal.all_containers:
        _mounts(proposal, container, names)


def _mounts(proposal: Proposal, container: Mapping[str, Any], names: set[str]) -> None:
    for mount in container["properties"].get("volumeMounts") or []:
        if mount["name"] not in names:
            raise _refuse(
                "VolumeNotFound",  # made up
                f"The volume '{mount['name']}' in container '{container['name']}' of container "
                f"group '{proposal.name}' is not found.",
            )


def _label(proposal: Proposal) -> None:
    """Section 7.1: 5-63 characters, lower-case, first a letter; code not shown there."""
    label = proposal.properties.get("ipAddress", {}).get("dnsNameLabel")
    if label is not None and not _LABEL.match(label):
        raise _refuse(
            "InvalidDnsNameLabel",
            f"The DNS name label '{label}' in container group '{proposal.name}' is invalid. It "
            "must be 5 to 63 lower-case letters, digits and hyphens, and begin with a letter.",
        )


def _spot(proposal: Proposal) -> None:
    properties = proposal.properties
    if properties.get("priority") != "Spot":
        return
    gpus = any("gpu" in one["properties"]["resources"]["requests"] for one in proposal.containers)
    broken = {
        "SpotPriorityContainerGroupNotSupportedInSku": properties.get("sku", "Standard")
        != "Standard",
        "SpotPriorityContainerGroupWithGPUResourcesNotSupported": gpus,
        "SpotPriorityContainerGroupNotSupportedForInboundConnectivity": "ipAddress" in properties,
    }
    for code, is_broken in broken.items():
        if is_broken:
            raise _refuse(code, f"Container group '{proposal.name}' cannot have Spot priority.")


def _network(proposal: Proposal) -> None:
    """No network is emulated, so that no network profile exists (recorded text)."""
    profile = proposal.properties.get("networkProfile")
    if profile:
        raise _refuse(
            "NetworkProfileNotFound",
            f"Network profile '{profile['id']}' is not found for container group "
            f"'{proposal.name}'.",
        )


def _windows(proposal: Proposal) -> None:
    windows = proposal.properties.get("osType") == "Windows"
    wanted = proposal.identity.system or proposal.identity.ids
    if windows and wanted and proposal.settings.windows_identity_refused:
        raise _refuse(
            "IdentityNotSupportedOnWindows",
            "Managed service identity is not supported for Windows container groups.",
        )


RULES: tuple[Callable[[Proposal], None], ...] = (
    _names,
    _counts,
    _os_type,
    _images,
    _requests,
    _limits,
    _variables,
    _registries,
    _volumes,
    _label,
    _spot,
    _network,
    _windows,
)


def check_secure_values(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], settings: Settings
) -> None:
    """Refuse a secure variable that comes back without its value, as a GET shows it.

    Raises AzureError 400 (knob 18; Azure/azure-libraries-for-java#856 tells the rule, not the
    code). Without the knob the value is lost (Azure/Azure-Landing-Zones#367).
    """
    if not settings.secure_value_required:
        return
    secure = set(_variables_of(old, lambda entry: "secureValue" in entry))
    bare = _variables_of(new, lambda entry: set(entry) == {"name"})
    for container, variable in bare:
        if (container, variable) in secure:
            raise _refuse(
                "InvalidContainerEnvironmentVariable",
                f"The secure environment variable '{variable}' in container '{container}' of "
                f"container group '{name}' has no value.",
            )


def _variables_of(
    properties: Mapping[str, Any], wanted: Callable[[Mapping[str, Any]], bool]
) -> list[tuple[str, str]]:
    containers = [*properties["containers"], *(properties.get("initContainers") or [])]
    return [
        (container["name"], entry["name"])
        for container in containers
        for entry in container["properties"].get("environmentVariables") or []
        if wanted(entry)
    ]
