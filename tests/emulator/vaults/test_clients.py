"""Microsoft's own client for secrets, against a vault of the emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.keyvault.secrets.aio import SecretClient

from emulator.credential import Credential


@pytest.fixture
async def credential(key: Any) -> Credential:
    """Give tokens of one principal for whatever audience the challenge named."""
    principal = key.principal("app")
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(principal, "all")))
    issue = key.azure.cloud.directory.issue
    return Credential(lambda audience: issue(principal, audience))


@pytest.fixture
async def client(key: Any, credential: Credential) -> AsyncIterator[SecretClient]:
    vault = await key.arm("GET", "vaults/kv1")
    async with SecretClient(
        vault.body["properties"]["vaultUri"],
        credential,
        verify_challenge_resource=False,
        connection_verify=str(key.azure.endpoints.ca_file),
        retry_total=0,
    ) as client:
        yield client


async def test_the_client_learns_tenant_and_audience_from_the_challenge(
    key: Any, credential: Credential, client: SecretClient
) -> None:
    await client.set_secret("s", "v")

    tenant = key.azure.settings.tenant_id
    assert credential.asked == [("https://vault.azure.net/.default", tenant)]


async def test_the_client_writes_and_reads(client: SecretClient) -> None:
    put = await client.set_secret("s", "v", content_type="text", tags={"a": "b"})
    read = await client.get_secret("s")

    assert (read.value, read.id, read.properties.tags) == ("v", put.id, {"a": "b"})
    assert read.properties.recovery_level == "Recoverable+Purgeable"


async def test_the_client_deletes_recovers_and_purges(client: SecretClient) -> None:
    await client.set_secret("s", "v")
    deleted = await client.delete_secret("s")
    await client.recover_deleted_secret("s")
    read = await client.get_secret("s")
    await client.delete_secret("s")
    await client.purge_deleted_secret("s")

    assert (deleted.name, read.value) == ("s", "v")
    assert [secret.name async for secret in client.list_deleted_secrets()] == []


async def test_the_client_follows_pages(client: SecretClient) -> None:
    for number in range(27):
        await client.set_secret(f"s{number:02}", "v")

    names = [secret.name async for secret in client.list_properties_of_secrets()]

    assert names == [f"s{number:02}" for number in range(27)]


async def test_the_client_backs_up_and_restores(client: SecretClient) -> None:
    await client.set_secret("s", "v")
    backup = await client.backup_secret("s")
    await client.delete_secret("s")
    await client.purge_deleted_secret("s")

    await client.restore_secret_backup(backup)

    assert (await client.get_secret("s")).value == "v"


async def test_the_client_sees_a_missing_secret_and_a_refusal(
    key: Any, client: SecretClient
) -> None:
    with pytest.raises(ResourceNotFoundError, match="SecretNotFound"):
        await client.get_secret("s")
    await key.arm("PUT", "vaults/kv1", key.vault())

    with pytest.raises(HttpResponseError) as refused:
        await client.get_secret("s")

    error = refused.value.error
    assert refused.value.status_code == 403
    assert error is not None
    assert error.code == "Forbidden"
