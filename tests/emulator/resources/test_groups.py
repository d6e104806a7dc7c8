from __future__ import annotations

import uuid
from typing import Any

import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from emulator.conftest import GROUP, SUBSCRIPTION, AsCaller, Client

VERSION = "2025-04-01"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identity"


@pytest.fixture
def settings() -> Settings:
    return Settings(
        group_delete_seconds=30,
        subscription_ids=(
            "00000000-0000-0000-0000-000000000000",
            "11111111-0000-0000-0000-000000000000",
        ),
    )


def shown(name: str = "demo", **members: Any) -> dict[str, Any]:
    return {
        "id": f"{SUBSCRIPTION}/resourceGroups/{name}",
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westus",
        "properties": {"provisioningState": "Succeeded"},
    } | members


async def listed(arm: Client) -> list[str]:
    answer = await arm("GET", f"{SUBSCRIPTION}/resourceGroups", VERSION)
    return [each["name"] for each in answer.body["value"]]


async def test_a_new_group_answers_201_and_then_200(arm: Client) -> None:
    first = await arm("PUT", GROUP, VERSION, {"location": "West US", "tags": {"a": "1"}})
    second = await arm("PUT", GROUP, VERSION, {"location": "westus", "tags": {"a": "1"}})
    assert (first.status, first.body) == (201, shown(tags={"a": "1"}))
    assert (second.status, second.body) == (200, shown(tags={"a": "1"}))


async def test_a_put_without_tags_takes_them_away(arm: Client) -> None:
    await arm("PUT", GROUP, VERSION, {"location": "westus", "tags": {"a": "1"}})
    answer = await arm("PUT", GROUP, VERSION, {"location": "westus"})
    assert answer.body == shown()


@pytest.mark.parametrize(
    ("method", "made", "change", "told"),
    [
        ("PUT", {}, {"managedBy": "other"}, "<null>"),
        ("PATCH", {}, {"managedBy": "other"}, "<null>"),
        ("PUT", {"managedBy": "one"}, {"managedBy": "other"}, "one"),
        ("PATCH", {"managedBy": "one"}, {"managedBy": "other"}, "one"),
        ("PUT", {"managedBy": "one"}, {}, "one"),
    ],
)
async def test_the_manager_of_a_group_never_changes(
    arm: Client, method: str, made: dict[str, Any], change: dict[str, Any], told: str
) -> None:
    await arm("PUT", GROUP, VERSION, {"location": "westus", **made})
    answer = await arm(method, GROUP, VERSION, {"location": "westus", **change})
    after = await arm("GET", GROUP, VERSION)
    message = (
        "The managed by property of the resource group cannot be changed from its current value "
        f"'{told}'."
    )
    error = {"code": "ResourceGroupManagedByMismatch", "message": message}
    assert (answer.status, answer.body["error"], after.body) == (400, error, shown(**made))


async def test_a_patch_that_leaves_the_manager_out_keeps_it(arm: Client) -> None:
    await arm("PUT", GROUP, VERSION, {"location": "westus", "managedBy": "one"})
    answer = await arm("PATCH", GROUP, VERSION, {"tags": {"a": "1"}})
    assert (answer.status, answer.body) == (200, shown(managedBy="one", tags={"a": "1"}))


async def test_a_patch_replaces_the_tags(arm: Client, group: str) -> None:
    await arm("PATCH", GROUP, VERSION, {"tags": {"a": "1"}})
    await arm("PATCH", GROUP, VERSION, {"tags": {"b": "2"}})
    answer = await arm("GET", GROUP, VERSION)
    assert answer.body == shown(tags={"b": "2"})


async def test_a_group_is_found_in_any_letter_case_under_its_own_name(
    arm: Client, group: str
) -> None:
    answer = await arm("GET", GROUP.upper(), VERSION)
    assert (answer.status, answer.body) == (200, shown())


async def test_a_missing_group_is_not_found_by_arm_itself(arm: Client) -> None:
    answer = await arm("GET", GROUP, VERSION)
    assert (answer.status, answer.body) == (
        404,
        {
            "error": {
                "code": "ResourceGroupNotFound",
                "message": "Resource group 'demo' could not be found.",
            }
        },
    )
    assert answer.headers["x-ms-failure-cause"] == "gateway"


async def test_existence_is_asked_without_a_body(arm: Client, group: str) -> None:
    there = await arm("HEAD", GROUP, VERSION)
    missing = await arm("HEAD", f"{GROUP}-missing", VERSION)
    assert (there.status, there.body, missing.status, missing.body) == (204, None, 404, None)


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("demo", {}, "LocationRequired"),
        ("demo", {"location": "atlantis"}, "LocationNotAvailableForResourceGroup"),
        ("dot.", {"location": "westus"}, "InvalidParameter"),
        ("a" * 91, {"location": "westus"}, "InvalidParameter"),
        ("what?", {"location": "westus"}, "InvalidParameter"),
    ],
)
async def test_what_is_no_group_is_refused(arm: Client, name: str, body: Any, code: str) -> None:
    path = f"{SUBSCRIPTION}/resourceGroups/{name.replace('?', '%3F')}"
    answer = await arm("PUT", path, VERSION, body)
    assert (answer.status, answer.code) == (400, code)
    assert await listed(arm) == []


async def test_a_group_cannot_move(arm: Client, group: str) -> None:
    answer = await arm("PUT", GROUP, VERSION, {"location": "eastus"})
    assert (answer.status, answer.code) == (409, "InvalidResourceGroupLocation")
    assert (await arm("GET", GROUP, VERSION)).body == shown()


async def test_a_deleted_group_goes_after_a_while_and_takes_its_content_at_once(
    azure: Emulator, arm: Client, group: str
) -> None:
    identity = await arm("PUT", IDENTITY, "2023-01-31", {"location": "westus"})
    oid = identity.body["properties"]["principalId"]
    azure.assign_role(oid, "Reader", GROUP)
    deleted = await arm("DELETE", GROUP, VERSION)
    during = await arm("GET", GROUP, VERSION)
    assert (deleted.status, deleted.body) == (202, None)
    assert during.body == shown(properties={"provisioningState": "Deleting"})
    assert azure.cloud.directory.find(oid) is None
    assert azure.cloud.authorization.assignments.of(oid) == []
    assert (await arm("GET", deleted.headers["Location"])).status == 202
    azure.clock.advance(30)
    assert (await arm("GET", deleted.headers["Location"])).status == 200
    assert (await arm("GET", GROUP, VERSION)).status == 404
    assert azure.state()["resourceGroups"] == {}


async def test_nothing_is_put_into_a_group_that_is_being_deleted(arm: Client, group: str) -> None:
    await arm("DELETE", GROUP, VERSION)
    inside = await arm("PUT", IDENTITY, "2023-01-31", {"location": "westus"})
    itself = await arm("PUT", GROUP, VERSION, {"location": "westus"})
    assert (inside.status, inside.code) == (409, "ResourceGroupBeingDeleted")
    assert (itself.status, itself.code) == (409, "ResourceGroupBeingDeleted")


async def test_a_group_can_be_made_again_after_its_deletion(
    azure: Emulator, arm: Client, group: str
) -> None:
    await arm("DELETE", GROUP, VERSION)
    azure.clock.advance(30)
    assert (await arm("PUT", GROUP, VERSION, {"location": "eastus"})).status == 201


async def test_a_missing_group_cannot_be_deleted(arm: Client) -> None:
    answer = await arm("DELETE", GROUP, VERSION)
    assert (answer.status, answer.code) == (404, "ResourceGroupNotFound")


async def test_an_unknown_deletion_is_not_found(arm: Client) -> None:
    answer = await arm("GET", f"{SUBSCRIPTION}/operationresults/{uuid.uuid4().hex}", VERSION)
    assert (answer.status, answer.code) == (404, "OperationNotFound")


async def test_a_list_holds_the_groups_that_the_caller_may_read(
    arm: Client, group: str, as_caller: AsCaller
) -> None:
    await arm("PUT", f"{GROUP}-2", VERSION, {"location": "westus"})
    reader, _ = as_caller("Reader", GROUP)
    nobody, _ = as_caller(None)
    assert await listed(arm) == ["demo", "demo-2"]
    assert await listed(reader) == ["demo"]
    assert await listed(nobody) == []


async def test_resources_of_all_providers_are_listed(arm: Client, group: str) -> None:
    await arm("PUT", IDENTITY, "2023-01-31", {"location": "westus", "tags": {"a": "1"}})
    answer = await arm("GET", f"{GROUP}/resources", VERSION)
    assert answer.body == {
        "value": [
            {
                "id": IDENTITY.replace("resourceGroups", "resourcegroups"),
                "name": "identity",
                "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
                "location": "westus",
                "tags": {"a": "1"},
            }
        ]
    }


async def test_resources_of_a_subscription_are_listed_by_their_type(
    arm: Client, as_caller: AsCaller, group: str
) -> None:
    await arm("PUT", IDENTITY, "2023-01-31", {"location": "westus"})
    reader, _ = as_caller("Reader", GROUP)
    nobody, _ = as_caller(None)

    async def names(client: Client, kind: str) -> list[str]:
        path = f"{SUBSCRIPTION}/resources?$filter=resourceType eq '{kind}'&api-version={VERSION}"
        return [each["name"] for each in (await client("GET", path)).body["value"]]

    kind = "microsoft.managedidentity/UserAssignedIdentities"
    assert [await names(client, kind) for client in (arm, reader, nobody)] == [
        ["identity"],
        ["identity"],
        [],
    ]
    assert await names(arm, "Microsoft.KeyVault/vaults") == []


async def test_a_long_list_comes_in_pages(azure: Emulator, arm: Client) -> None:
    for number in range(5):
        await arm("PUT", f"{GROUP}-{number}", VERSION, {"location": "westus"})
    azure.settings.page_size = 2
    path, pages = f"{SUBSCRIPTION}/resourceGroups?api-version={VERSION}", []
    while path:
        answer = await arm("GET", path)
        pages.append([each["name"] for each in answer.body["value"]])
        path = answer.body.get("nextLink")
    assert pages == [["demo-0", "demo-1"], ["demo-2", "demo-3"], ["demo-4"]]


async def test_an_invented_skip_token_is_refused(arm: Client) -> None:
    path = f"{SUBSCRIPTION}/resourceGroups?$skiptoken=x&api-version={VERSION}"
    answer = await arm("GET", path)
    assert (answer.status, answer.code) == (400, "InvalidSkipToken")


async def test_a_caller_sees_the_subscriptions_in_which_it_has_a_role(
    azure: Emulator, arm: Client, as_caller: AsCaller
) -> None:
    client, _ = as_caller("Reader", GROUP)
    expected = {
        "id": SUBSCRIPTION,
        "subscriptionId": SUBSCRIPTION.rpartition("/")[2],
        "tenantId": azure.settings.tenant_id,
        "displayName": "Emulated",
        "state": "Enabled",
    }
    listing = await client("GET", "/subscriptions", VERSION)
    assert listing.body == {"value": [expected]}
    assert (await arm("GET", SUBSCRIPTION, VERSION)).body == expected
    assert (await client("GET", SUBSCRIPTION, VERSION)).code == "AuthorizationFailed"
