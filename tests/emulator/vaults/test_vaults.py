"""The management plane of vaults."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from azure_emulator.resources.group import ResourceGroup

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
CHECK_NAME = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability"


async def test_a_new_vault_is_registering_and_has_no_slash_yet(key: Any) -> None:
    created = await key.arm("PUT", "vaults/kv1", key.vault())
    read = await key.arm("GET", "vaults/kv1")

    uri = created.body["properties"]["vaultUri"]
    assert created.status == 200
    assert not uri.endswith("/")
    assert created.body["properties"]["provisioningState"] == "RegisteringDns"
    assert read.body["properties"]["vaultUri"] == uri + "/"
    assert read.body["properties"]["provisioningState"] == "Succeeded"


async def test_registering_lasts_as_long_as_the_setting_says(key: Any) -> None:
    key.azure.settings.vault_dns_delay = 30
    await key.arm("PUT", "vaults/kv1", key.vault())

    states = []
    for _ in range(2):
        read = await key.arm("GET", "vaults/kv1")
        states.append(read.body["properties"]["provisioningState"])
        key.azure.clock.advance(30)

    assert states == ["RegisteringDns", "Succeeded"]


async def test_the_status_of_a_creation_is_a_setting(key: Any) -> None:
    key.azure.settings.vault_create_status = 201

    statuses = [(await key.arm("PUT", "vaults/kv1", key.vault())).status for _ in range(2)]

    assert statuses == [201, 200]


async def test_a_second_put_replaces_the_whole(key: Any) -> None:
    first = {**key.vault(key.policy(key.admin, "get")), "tags": {"a": "b"}}
    await key.arm("PUT", "vaults/kv1", first)

    replaced = await key.arm("PUT", "vaults/kv1", key.vault(enabledForDeployment=True))

    assert replaced.status == 200
    assert replaced.body["tags"] == {}
    assert replaced.body["properties"]["accessPolicies"] == []
    assert replaced.body["properties"]["enabledForDeployment"] is True


async def test_a_patch_merges(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault(enabledForDeployment=True))
    entry = key.policy(key.admin, "get")

    change = {"tags": {"a": "b"}, "properties": {"accessPolicies": [entry]}}
    changed = await key.arm("PATCH", "vaults/kv1", change)

    assert (changed.status, changed.body["tags"]) == (200, {"a": "b"})
    assert changed.body["properties"]["accessPolicies"] == [entry]
    assert changed.body["properties"]["enabledForDeployment"] is True


async def test_the_retention_cannot_be_changed_by_a_patch(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault(softDeleteRetentionInDays=7))

    change = {"properties": {"softDeleteRetentionInDays": 8}}
    refused = await key.arm("PATCH", "vaults/kv1", change)

    assert refused.error == (400, "BadRequest", "")
    assert refused.body["error"]["message"] == (
        'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
    )


async def test_a_new_vault_goes_by_roles_from_api_2026_02_01_on(key: Any) -> None:
    key.version = "2026-02-01"

    created = await key.arm("PUT", "vaults/kv1", key.vault())

    assert created.body["properties"]["enableRbacAuthorization"] is True


@pytest.mark.parametrize("name", ["ab", "a" * 25, "1abc", "abc-", "a--b", "a_b"])
async def test_bad_names_are_refused(key: Any, name: str) -> None:
    refused = await key.arm("PUT", f"vaults/{name}", key.vault())

    assert refused.error == (400, "VaultNameNotValid", "")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "BadRequest"),
        ({"location": "westeurope"}, "BadRequest"),
        ({"properties": {"tenantId": "t", "sku": {}, "accessPolicies": []}}, "LocationRequired"),
        (
            {"location": "mars", "properties": {"accessPolicies": []}},
            "LocationNotAvailableForResourceType",
        ),
        ({"location": "westeurope", "properties": {}}, "BadRequest"),
        ({"location": "westeurope", "properties": []}, "BadRequest"),
    ],
)
async def test_bodies_that_lack_something_are_refused(key: Any, body: Any, code: str) -> None:
    assert (await key.arm("PUT", "vaults/kv1", body)).error == (400, code, "")


async def test_a_name_taken_in_another_group_or_by_others_is_refused(key: Any) -> None:
    key.azure.settings.taken_vault_names = ("Famous",)
    group = ResourceGroup(SUBSCRIPTION.rpartition("/")[2], "other", "westeurope")
    key.azure.cloud.groups.put(group)
    other = f"{SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.KeyVault/vaults/KV1"
    await key.arm("PUT", other, key.vault())

    for name in ("kv1", "famous"):
        refused = await key.arm("PUT", f"vaults/{name}", key.vault())
        assert refused.error == (409, "VaultAlreadyExists", "")


async def test_a_vault_cannot_move(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())

    moved = await key.arm("PUT", "vaults/kv1", {**key.vault(), "location": "eastus"})
    same = await key.arm("PUT", "vaults/kv1", {**key.vault(), "location": "West Europe"})

    assert moved.error == (409, "InvalidResourceLocation", "")
    assert (same.status, same.body["location"]) == (200, "westeurope")


async def test_a_missing_vault_is_arms_404(key: Any) -> None:
    missing = await key.arm("GET", "vaults/kv1")

    assert missing.error == (404, "ResourceNotFound", "")
    assert missing.headers["x-ms-failure-cause"] == "gateway"


async def test_a_missing_vault_is_deleted_with_204(key: Any) -> None:
    assert (await key.arm("DELETE", "vaults/kv1")).status == 204


async def test_add_answers_with_the_whole_list_and_an_id_with_a_slash(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(key.admin, "get")))
    entry = key.policy(key.principal("app"), "get")

    body = {"properties": {"accessPolicies": [entry]}}
    added = await key.arm("PUT", "vaults/kv1/accessPolicies/add", body)

    vault = await key.arm("GET", "vaults/kv1")
    assert (added.status, added.body) == (
        200,
        {
            "id": vault.body["id"] + "/accessPolicies/",
            "type": "Microsoft.KeyVault/vaults/accessPolicies",
            "properties": {"accessPolicies": [key.policy(key.admin, "get"), entry]},
        },
    )
    assert vault.body["properties"]["accessPolicies"] == [key.policy(key.admin, "get"), entry]


async def test_a_vault_holds_1024_policies(key: Any) -> None:
    entry = key.policy(key.admin, "get")
    full = [{**entry, "objectId": str(number)} for number in range(1024)]
    await key.arm("PUT", "vaults/kv1", key.vault(*full))

    body = {"properties": {"accessPolicies": [entry]}}
    refused = await key.arm("PUT", "vaults/kv1/accessPolicies/add", body)

    assert refused.error == (400, "BadRequest", "")


async def test_an_unknown_kind_of_policy_change_is_refused(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())

    body: dict[str, Any] = {"properties": {"accessPolicies": []}}
    refused = await key.arm("PUT", "vaults/kv1/accessPolicies/merge", body)

    assert refused.error == (400, "BadRequest", "")


async def test_overlapping_writes_conflict(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())
    key.azure.settings.vault_write_seconds = 2
    body = {"properties": {"accessPolicies": [key.policy(key.admin, "get")]}}
    path = "vaults/kv1/accessPolicies/add"

    answers = await asyncio.gather(*(key.arm("PUT", path, body) for _ in range(2)))
    key.azure.clock.advance(2)
    later = await key.arm("PUT", path, body)

    assert sorted(answer.status for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status == 409)
    assert refused.error == (409, "ConflictError", "")
    assert later.status == 200


async def test_a_refused_write_does_not_take_the_vault(key: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())
    key.azure.settings.vault_write_seconds = 2

    await key.arm("PUT", "vaults/kv1/accessPolicies/add", {"properties": {}})

    assert (await key.arm("PUT", "vaults/kv1", key.vault())).status == 200


async def test_lists_end_with_a_link_to_an_empty_page(key: Any) -> None:
    for name in ("kv1", "kv2"):
        await key.arm("PUT", f"vaults/{name}", key.vault())

    listed = await key.arm("GET", f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/vaults")
    token = key.azure.token(key.admin)
    last = await key.call("GET", listed.body["nextLink"], token, None, None)

    assert [vault["name"] for vault in listed.body["value"]] == ["kv1", "kv2"]
    assert (last.status, last.body) == (200, {"value": []})


async def test_an_empty_list_has_no_link(key: Any) -> None:
    assert (await key.arm("GET", "vaults")).body == {"value": []}


async def test_pages_give_each_vault_once_though_vaults_go_meanwhile(key: Any) -> None:
    for number in range(1, 6):
        await key.arm("PUT", f"vaults/kv{number}", key.vault())

    answer = await key.arm("GET", "vaults", top="2")
    await key.arm("DELETE", "vaults/kv1")
    names = []
    while answer.body["value"]:
        names += [vault["name"] for vault in answer.body["value"]]
        token = key.azure.token(key.admin)
        answer = await key.call("GET", answer.body["nextLink"], token, None, None)

    assert names == ["kv1", "kv2", "kv3", "kv4", "kv5"]


@pytest.mark.parametrize(
    ("name", "available", "reason"),
    [("kv9", True, None), ("KV1", False, "AlreadyExists"), ("1", False, "AccountNameInvalid")],
)
async def test_a_name_is_checked(key: Any, name: str, available: bool, reason: Any) -> None:
    await key.arm("PUT", "vaults/kv1", key.vault())
    await key.arm("DELETE", "vaults/kv1")

    body = {"name": name, "type": "Microsoft.KeyVault/vaults"}
    checked = await key.arm("POST", CHECK_NAME, body)

    assert checked.body["nameAvailable"] is available
    assert checked.body.get("reason") == reason


async def test_a_caller_without_a_role_may_not_read(key: Any) -> None:
    key.admin = key.principal("nobody")

    assert (await key.arm("GET", "vaults/kv1")).error == (403, "AuthorizationFailed", "")
