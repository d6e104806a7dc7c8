from __future__ import annotations

import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from emulator.conftest import GROUP, SUBSCRIPTION, AsCaller, Ask, Client

VERSION = "2022-04-01"
CUSTOM = {
    "name": "4adcc96e-0796-4b7e-851c-9b43b4a38547",
    "roleName": "aci-operator",
    "description": "What the operator needs.",
    "assignableScopes": [GROUP],
    "permissions": [
        {
            "actions": ["Microsoft.ContainerInstance/*"],
            "notActions": [],
            "dataActions": [],
            "notDataActions": [],
        }
    ],
}


@pytest.fixture
def settings() -> Settings:
    return Settings(custom_roles=(CUSTOM,))


@pytest.fixture
def names(arm: Client) -> Ask:
    async def listed(scope: str = SUBSCRIPTION, wanted: str = "") -> list[str]:
        path = f"{scope}/providers/Microsoft.Authorization/roleDefinitions"
        answer = await arm("GET", f"{path}?$filter={wanted}&api-version={VERSION}")
        assert answer.status == 200
        return sorted(each["properties"]["roleName"] for each in answer.body["value"])

    return listed


@pytest.mark.parametrize("name", ["Key Vault Secrets User", "key vault secrets user"])
async def test_a_role_is_found_by_its_name_in_any_letter_case(names: Ask, name: str) -> None:
    assert await names(wanted=f"roleName eq '{name}'") == ["Key Vault Secrets User"]


async def test_a_role_that_does_not_exist_gives_an_empty_list(names: Ask) -> None:
    assert await names(wanted="roleName eq 'Emperor'") == []


async def test_the_roles_of_the_job_are_built_in(names: Ask) -> None:
    assert await names(wanted="type eq 'BuiltInRole'") == [
        "Contributor",
        "Key Vault Administrator",
        "Key Vault Certificate User",
        "Key Vault Certificates Officer",
        "Key Vault Contributor",
        "Key Vault Crypto Officer",
        "Key Vault Crypto Service Encryption User",
        "Key Vault Crypto Service Release User",
        "Key Vault Crypto User",
        "Key Vault Reader",
        "Key Vault Secrets Officer",
        "Key Vault Secrets User",
        "Managed Identity Contributor",
        "Managed Identity Operator",
        "Owner",
        "Reader",
        "Role Based Access Control Administrator",
        "User Access Administrator",
    ]


async def test_a_custom_role_is_listed_where_it_may_be_assigned(names: Ask, group: str) -> None:
    wanted = "type eq 'CustomRole'"
    assert await names(GROUP, wanted) == ["aci-operator"]
    assert await names(SUBSCRIPTION, wanted) == []


async def test_a_role_is_read_by_its_id(arm: Client) -> None:
    path = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{CUSTOM['name']}"
    answer = await arm("GET", path, VERSION)
    assert (answer.status, answer.body["id"]) == (200, path)
    assert answer.body["properties"]["permissions"] == CUSTOM["permissions"]


async def test_a_missing_role_is_not_found(arm: Client) -> None:
    path = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/none"
    answer = await arm("GET", path, VERSION)
    assert (answer.status, answer.code) == (404, "RoleDefinitionDoesNotExist")


async def test_a_custom_role_gives_its_rights(
    azure: Emulator, group: str, as_caller: AsCaller
) -> None:
    client, _ = as_caller("aci-operator", GROUP)
    groups = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups"
    assert (await client("GET", groups, "2023-05-01")).status == 200
    assert (await client("GET", GROUP, "2025-04-01")).status == 403


async def test_an_unknown_filter_is_refused(arm: Client) -> None:
    path = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions?$filter=x"
    answer = await arm("GET", f"{path}&api-version={VERSION}")
    assert (answer.status, answer.code) == (400, "InvalidFilter")
