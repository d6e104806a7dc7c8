"""Bodies that can be read and break a rule of ACI."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.containers.assigned import wanted
from azure_emulator.containers.normalisation import without_read_only
from azure_emulator.containers.rules import Proposal, check
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings
from emulator.containers.builders import IDENTITIES, VERSION, a_container, a_group, with_identity


def refusal(
    body: dict[str, Any], *, name: str = "demo", version: str = VERSION, **settings: Any
) -> tuple[str, str]:
    """Give code and message of a refusal; two empty texts if there is none."""
    proposal = Proposal(
        name,
        version,
        without_read_only(body["properties"]),
        wanted(body.get("identity")),
        Settings(**settings),
    )
    try:
        check(proposal)
    except AzureError as error:
        return (error.code, error.message) if error.status == 400 else (str(error.status), "")
    return "", ""


def a_registry(**entry: str) -> dict[str, Any]:
    return a_group(imageRegistryCredentials=[{"server": "x.azurecr.io", **entry}])


def with_resources(**resources: Any) -> dict[str, Any]:
    container = a_container()
    container["properties"]["resources"] = resources
    return a_group(container)


def test_a_sound_group_breaks_no_rule() -> None:
    body = a_group(a_container("one"), a_container("two"))
    assert refusal(body) == ("", "")


@pytest.mark.parametrize("os_type", [None, "linux", "Solaris"])
def test_the_os_type_is_windows_or_linux(os_type: str | None) -> None:
    assert refusal(a_group(osType=os_type)) == (
        "InvalidOsType",
        "The 'osType' for container group '<null>' is invalid. The value must be one of "
        "'Windows,Linux'.",
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (a_group(a_container(resources=None)), "ResourceRequestsNotSpecified"),
        (with_resources(requests={"cpu": 1}), "ResourceSomeRequestsNotSpecified"),
        (
            with_resources(
                requests={"cpu": 1, "memoryInGB": 1}, limits={"cpu": 2, "memoryInGB": 1}
            ),
            "ContainerLimitGreaterThanContainerGroupTotalRequest",
        ),
        (
            with_resources(requests={"cpu": 1, "memoryInGB": 1}, limits={"cpu": 0.5}),
            "ResourceLimitsLessThanRequests",
        ),
        (
            a_group(a_container(environmentVariables=[{"name": "1-X", "value": ""}])),
            "InvalidContainerEnvironmentVariable",
        ),
        (a_group(volumes=[{"name": "a--bcd", "emptyDir": {}}]), "InvalidVolumeName"),
        (
            a_group(
                volumes=[
                    {"name": "files", "azureFile": {"shareName": "s", "storageAccountName": "a"}}
                ]
            ),
            "InvalidStorageAccountKey",
        ),
        (
            a_group(a_container(volumeMounts=[{"name": "files", "mountPath": "/x"}])),
            "VolumeNotFound",
        ),
        (a_group(a_container("Upper")), "InvalidContainerName"),
        (a_group(a_container("one"), a_container("one")), "DuplicateContainerName"),
        (a_group(*(a_container(f"c{n}") for n in range(61))), "InvalidContainerGroupCount"),
        (a_group(containers=[]), "InvalidContainerGroupCount"),
        (
            a_group(ipAddress={"type": "Public", "ports": [{"port": n} for n in range(6)]}),
            "InvalidContainerGroupCount",
        ),
        (
            a_group(ipAddress={"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "1bad"}),
            "InvalidDnsNameLabel",
        ),
        (
            a_group(priority="Spot", sku="Confidential"),
            "SpotPriorityContainerGroupNotSupportedInSku",
        ),
        (
            a_group(priority="Spot", ipAddress={"type": "Public", "ports": [{"port": 80}]}),
            "SpotPriorityContainerGroupNotSupportedForInboundConnectivity",
        ),
        (a_group(networkProfile={"id": "x"}), "NetworkProfileNotFound"),
    ],
)
def test_each_rule_has_its_code(body: dict[str, Any], code: str) -> None:
    assert refusal(body)[0] == code


@pytest.mark.parametrize("name", ["", "Demo", "-demo", "demo-", "d" * 64])
def test_a_groups_name_is_lower_case_and_short(name: str) -> None:
    assert refusal(a_group(), name=name)[0] == "InvalidContainerName"


@pytest.mark.parametrize(
    ("body", "version", "code"),
    [
        (a_registry(username="u"), VERSION, "InvalidImageRegistryPassword"),
        (a_registry(identity="i"), "2021-03-01", "InvalidImageRegistryCredentialType"),
        (a_registry(identity="i", username="u"), VERSION, "AmbiguousImageResitryCredentialType"),
        (a_registry(identity="i"), VERSION, "InvalidImageRegistryIdentity"),
    ],
)
def test_registry_credentials_are_checked(body: dict[str, Any], version: str, code: str) -> None:
    assert refusal(body, version=version)[0] == code


def test_a_registry_identity_of_the_group_is_accepted() -> None:
    arm_id = f"{IDENTITIES}/my-id"
    body = with_identity(a_registry(identity=arm_id.upper()), "UserAssigned", arm_id)
    assert refusal(body) == ("", "")


def test_windows_groups_may_be_told_to_have_no_identity() -> None:
    body = with_identity(a_group(osType="Windows"), "SystemAssigned")
    assert refusal(body, windows_identity_refused=True) == (
        "IdentityNotSupportedOnWindows",
        "Managed service identity is not supported for Windows container groups.",
    )
