"""Soft delete, recovery and purge of vaults."""

from __future__ import annotations

from typing import Any

from azure_emulator.resources.group import ResourceGroup

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
PROVIDER = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault"
DELETED = f"{PROVIDER}/locations/westeurope/deletedVaults/kv1"


async def test_a_deleted_vault_is_kept_for_its_retention(key: Any) -> None:
    body = {**key.vault(softDeleteRetentionInDays=7), "tags": {"a": "b"}}
    await key.arm("PUT", "vaults/kv1", {**body, "location": "West Europe"})

    deleted = await key.arm("DELETE", "vaults/kv1")

    vault_id = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1"
    assert (deleted.status, deleted.body) == (200, None)
    assert (await key.arm("GET", "vaults/kv1")).status == 404
    assert (await key.arm("GET", DELETED)).body == {
        "id": DELETED,
        "name": "kv1",
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": {
            "vaultId": vault_id,
            "location": "West Europe",
            "tags": {"a": "b"},
            "deletionDate": "2027-01-15T08:00:00Z",
            "scheduledPurgeDate": "2027-01-22T08:00:00Z",
        },
    }


async def test_a_deleted_vault_is_gone_after_its_retention(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault(softDeleteRetentionInDays=7))
    await key.arm("DELETE", "vaults/kv1")

    key.azure.clock.advance(7 * 86400)

    assert (await key.arm("GET", DELETED)).error == (404, "DeletedVaultNotFound", "")
    assert (await key.arm("GET", f"{PROVIDER}/deletedVaults")).body == {"value": []}
    assert (await key.arm("PUT", "vaults/kv1", key.vault())).status == 200


async def test_the_name_of_a_deleted_vault_cannot_be_used(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())
    await key.arm("DELETE", "vaults/kv1")

    refused = await key.arm("PUT", "vaults/kv1", key.vault())

    assert refused.error == (409, "ConflictError", "")
    assert "either recover or purge" in refused.body["error"]["message"]


async def test_recovery_ignores_what_else_is_sent(key: Any) -> None:
    entry = key.policy(key.admin, "get")
    await key.arm("PUT", "vaults/kv1", key.vault(entry))
    before = await key.arm("GET", "vaults/kv1")
    await key.arm("DELETE", "vaults/kv1")

    wanted = key.vault(createMode="recover", sku={"family": "A", "name": "premium"})
    recovered = await key.arm("PUT", "vaults/kv1", wanted)

    assert (recovered.status, recovered.body) == (200, before.body)
    assert (await key.arm("GET", DELETED)).status == 404


async def test_a_vault_is_recovered_into_its_own_group_only(key: Any) -> None:
    group = ResourceGroup(SUBSCRIPTION.rpartition("/")[2], "other", "westeurope")
    key.azure.cloud.groups.put(group)
    await key.arm("PUT", "vaults/kv1", key.vault())
    await key.arm("DELETE", "vaults/kv1")

    other = f"{SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.KeyVault/vaults/kv1"
    refused = await key.arm("PUT", other, key.vault(createMode="recover"))

    assert refused.error == (409, "ConflictError", "")


async def test_nothing_to_recover_is_a_404(key: Any) -> None:
    refused = await key.arm("PUT", "vaults/kv1", key.vault(createMode="recover"))

    assert refused.error == (404, "DeletedVaultNotFound", "")


async def test_recovery_brings_secrets_back_but_no_role_assignments(key: Any) -> None:
    app = key.principal("app")
    await key.arm("PUT", "vaults/kv1", key.vault(enableRbacAuthorization=True))
    vault = await key.arm("GET", "vaults/kv1")
    key.azure.assign_role(app.oid, "Key Vault Secrets Officer", vault.body["id"])
    await key.data("PUT", "/secrets/s", {"value": "v"}, who=app)

    await key.arm("DELETE", "vaults/kv1")
    await key.arm("PUT", "vaults/kv1", key.vault(createMode="recover"))

    refused = await key.data("GET", "/secrets/s", who=app)
    assert refused.error == (403, "Forbidden", "ForbiddenByRbac")
    key.azure.assign_role(app.oid, "Key Vault Secrets User", vault.body["id"])
    assert (await key.data("GET", "/secrets/s", who=app)).body["value"] == "v"


async def test_a_purge_is_polled_until_it_is_done(key: Any) -> None:
    key.azure.settings.vault_purge_seconds = 10
    await key.arm("PUT", "vaults/kv1", key.vault())
    await key.arm("DELETE", "vaults/kv1")

    begun = await key.arm("POST", f"{DELETED}/purge")
    token, location = key.azure.token(key.admin), begun.headers["Location"]
    waiting = await key.call("GET", location, token, None, None)
    still_there = await key.arm("GET", DELETED)
    key.azure.clock.advance(10)
    done = await key.call("GET", location, token, None, None)

    created = {"createdDateTime": "2027-01-15 08:00:00Z"}
    assert (begun.status, begun.body) == (202, None)
    assert (waiting.status, waiting.body) == (202, {**created, "status": "NotStarted"})
    assert waiting.headers["Location"] == location
    assert still_there.status == 200
    last = {"lastActionDateTime": "2027-01-15 08:00:10Z", "status": "Succeeded"}
    assert (done.status, done.body) == (200, {**created, **last})
    assert (await key.arm("PUT", "vaults/kv1", key.vault())).status == 200


async def test_a_vault_being_purged_is_not_recovered(key: Any) -> None:
    key.azure.settings.vault_purge_seconds = 10
    await key.arm("PUT", "vaults/kv1", key.vault())
    await key.arm("DELETE", "vaults/kv1")
    await key.arm("POST", f"{DELETED}/purge")

    recover = await key.arm("PUT", "vaults/kv1", key.vault(createMode="recover"))
    again = await key.arm("POST", f"{DELETED}/purge")

    assert [recover.error, again.error] == [(409, "ConflictError", "")] * 2


async def test_purge_protection_forbids_the_purge(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault(enablePurgeProtection=True))
    await key.arm("DELETE", "vaults/kv1")

    refused = await key.arm("POST", f"{DELETED}/purge")

    shown = await key.arm("GET", DELETED)
    assert refused.error == (405, "MethodNotAllowed", "")
    assert shown.body["properties"]["purgeProtectionEnabled"] is True


async def test_a_purged_vault_leaves_no_secret_to_its_successor(key: Any) -> None:
    app = key.principal("app")
    entry = key.policy(app, "all")
    await key.arm("PUT", "vaults/kv1", key.vault(entry))
    await key.data("PUT", "/secrets/s", {"value": "v"}, who=app)
    await key.arm("DELETE", "vaults/kv1")
    await key.arm("POST", f"{DELETED}/purge")

    await key.arm("PUT", "vaults/kv1", key.vault(entry))

    missing = await key.data("GET", "/secrets/s", who=app)
    assert missing.error == (404, "SecretNotFound", "")


async def test_a_former_purge_does_not_touch_a_successor(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())
    await key.arm("DELETE", "vaults/kv1")
    await key.arm("POST", f"{DELETED}/purge")
    await key.arm("PUT", "vaults/kv1", key.vault())

    await key.arm("DELETE", "vaults/kv1")

    assert (await key.arm("GET", DELETED)).status == 200


async def test_a_vault_without_soft_delete_is_gone_at_once(key: Any) -> None:
    key.version = "2019-09-01"
    await key.arm("PUT", "vaults/kv1", key.vault(enableSoftDelete=False))

    await key.arm("DELETE", "vaults/kv1")

    assert (await key.arm("GET", f"{PROVIDER}/deletedVaults")).body == {"value": []}
    assert (await key.arm("PUT", "vaults/kv1", key.vault())).status == 200


async def test_deleting_the_group_soft_deletes_its_vaults(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())
    group = f"{SUBSCRIPTION}/resourceGroups/rg"
    key.version = "2021-04-01"

    deleted = await key.arm("DELETE", group)

    key.version = "2023-07-01"
    key.azure.clock.advance(60)
    assert deleted.status == 202
    assert (await key.arm("GET", DELETED)).status == 200
