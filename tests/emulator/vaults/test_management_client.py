"""Microsoft's own client for vaults, against the emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.mgmt.keyvault.aio import KeyVaultManagementClient

from emulator.credential import Credential


@pytest.fixture
async def client(key: Any) -> AsyncIterator[Any]:
    url = key.azure.endpoints.resource_manager
    async with KeyVaultManagementClient(
        Credential(lambda _: key.azure.token(key.admin)),
        "00000000-0000-0000-0000-000000000000",
        base_url=url,
        credential_scopes=[url + "/.default"],
        connection_verify=str(key.azure.endpoints.ca_file),
        polling_interval=0,
        retry_total=0,
    ) as client:
        yield client


async def test_the_client_waits_for_a_creation_until_dns_knows_it(key: Any, client: Any) -> None:
    poller = await client.vaults.begin_create_or_update("rg", "kv1", key.vault())
    vault = await poller.result()

    assert vault.properties.provisioning_state == "Succeeded"
    assert vault.properties.vault_uri.endswith("/")
    assert vault.properties.enable_rbac_authorization is True


async def test_the_client_changes_policies(key: Any, client: Any) -> None:
    await client.vaults.begin_create_or_update("rg", "kv1", key.vault())
    body = {"properties": {"accessPolicies": [key.policy(key.admin, "get")]}}

    await client.vaults.update_access_policy("rg", "kv1", "add", body)
    vault = await client.vaults.get("rg", "kv1")

    assert [entry.object_id for entry in vault.properties.access_policies] == [key.admin.oid]


async def test_the_client_lists_past_the_empty_page(key: Any, client: Any) -> None:
    for name in ("kv1", "kv2"):
        await client.vaults.begin_create_or_update("rg", name, key.vault())

    listed = [vault.name async for vault in client.vaults.list_by_resource_group("rg")]

    assert listed == ["kv1", "kv2"]


async def test_the_client_purges_and_makes_anew(key: Any, client: Any) -> None:
    await client.vaults.begin_create_or_update("rg", "kv1", key.vault())
    await client.vaults.delete("rg", "kv1")
    with pytest.raises(ResourceExistsError, match="ConflictError"):
        await client.vaults.begin_create_or_update("rg", "kv1", key.vault())

    poller = await client.vaults.begin_purge_deleted("kv1", "westeurope")
    await poller.result()

    deleted = [vault.name async for vault in client.vaults.list_deleted()]
    assert deleted == []
    await client.vaults.begin_create_or_update("rg", "kv1", key.vault())
