"""Microsoft's clouds, held against the constants of its own packages."""

from __future__ import annotations

import pytest
from azure.core import AzureClouds
from azure.identity import AzureAuthorityHosts
from azure.mgmt.core.tools import get_arm_endpoints

from aci_operator.azure.account import AccountSettings
from aci_operator.azure.clouds import CLOUDS

KNOWN = {
    "AzurePublic": (AzureClouds.AZURE_PUBLIC_CLOUD, AzureAuthorityHosts.AZURE_PUBLIC_CLOUD),
    "AzureUSGovernment": (AzureClouds.AZURE_US_GOVERNMENT, AzureAuthorityHosts.AZURE_GOVERNMENT),
    "AzureChina": (AzureClouds.AZURE_CHINA_CLOUD, AzureAuthorityHosts.AZURE_CHINA),
}


def settings(cloud: str) -> AccountSettings:
    return AccountSettings("s", "t", "c", **CLOUDS[cloud])  # type: ignore[arg-type]


def test_these_are_the_clouds() -> None:
    assert set(CLOUDS) == set(KNOWN)


@pytest.mark.parametrize("cloud", KNOWN)
def test_a_cloud_answers_where_microsofts_packages_say(cloud: str) -> None:
    arm, authority = KNOWN[cloud]
    known, ours = get_arm_endpoints(arm), settings(cloud)
    assert (f"{ours.resource_manager}/", [ours.resource_manager_scope], ours.active_directory) == (
        known["resource_manager"],
        known["credential_scopes"],
        f"https://{authority}",
    )


def test_each_cloud_has_vaults_of_its_own() -> None:
    assert {cloud: settings(cloud).key_vault_scope for cloud in CLOUDS} == {
        "AzurePublic": "https://vault.azure.net/.default",
        "AzureUSGovernment": "https://vault.usgovcloudapi.net/.default",
        "AzureChina": "https://vault.azure.cn/.default",
    }
