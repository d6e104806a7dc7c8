from __future__ import annotations

from typing import Any, cast

import aiohttp
import pytest
from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline.transport import AioHttpTransport
from azure.mgmt.msi.aio import ManagedServiceIdentityClient

from azure_emulator.emulator import Emulator
from emulator.conftest import GROUP, SUBSCRIPTION, Answer, Client

VERSION = "2024-11-30"
TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
PATH = f"{GROUP}/providers/{TYPE}/identity"
ID = PATH.replace("resourceGroups", "resourcegroups")


@pytest.fixture
async def identity(arm: Client, group: str) -> Answer:
    answer = await arm("PUT", PATH, VERSION, {"location": "westus"})
    assert answer.status == 201
    return answer


async def test_a_new_identity_is_shown_with_its_principal(
    azure: Emulator, identity: Answer
) -> None:
    found = azure.cloud.identities.find(PATH)
    assert found is not None
    principal = found.principal
    assert identity.body == {
        "id": ID,
        "name": "identity",
        "type": TYPE,
        "location": "westus",
        "tags": {},
        "properties": {
            "tenantId": azure.settings.tenant_id,
            "principalId": principal.oid,
            "clientId": principal.appid,
        },
    }
    assert azure.cloud.directory.find(principal.oid) == principal


async def test_the_location_header_is_the_bare_id(identity: Answer) -> None:
    assert identity.headers["Location"] == ID


async def test_second_put_returns_the_same_ids(arm: Client, identity: Answer) -> None:
    again = await arm("PUT", PATH, VERSION, {"location": "West US", "tags": {"a": "1"}})
    assert (again.status, again.body) == (200, identity.body | {"tags": {"a": "1"}})
    assert "Location" not in again.headers


async def test_an_identity_is_found_in_any_letter_case(arm: Client, identity: Answer) -> None:
    answer = await arm("GET", PATH.upper().replace("/PROVIDERS", "/providers"), VERSION)
    assert (answer.status, answer.body) == (200, identity.body)


async def test_a_patch_replaces_the_tags(arm: Client, identity: Answer) -> None:
    await arm("PATCH", PATH, VERSION, {"tags": {"a": "1"}})
    answer = await arm("PATCH", PATH, VERSION, {"tags": {"b": "2"}})
    assert (answer.status, answer.body["tags"]) == (200, {"b": "2"})
    assert (await arm("PATCH", PATH, VERSION, {})).body["tags"] == {"b": "2"}


async def test_a_missing_identity_is_not_found_by_arm_itself(arm: Client, group: str) -> None:
    for method in ("GET", "PATCH"):
        answer = await arm(method, PATH, VERSION, {} if method == "PATCH" else None)
        assert (answer.status, answer.code) == (404, "ResourceNotFound")
        assert answer.message == (
            f"The Resource '{TYPE}/identity' under resource group 'demo' was not found. For more "
            "details please go to https://aka.ms/ARMResourceNotFoundFix"
        )
        assert answer.headers["x-ms-failure-cause"] == "gateway"


async def test_a_deleted_identity_leaves_the_directory(
    azure: Emulator, arm: Client, identity: Answer
) -> None:
    oid = identity.body["properties"]["principalId"]
    first = await arm("DELETE", PATH, VERSION)
    second = await arm("DELETE", PATH, VERSION)
    assert (first.status, first.body, second.status) == (200, None, 204)
    assert azure.cloud.directory.find(oid) is None


async def test_roles_of_a_deleted_identity_stay(
    azure: Emulator, arm: Client, identity: Answer
) -> None:
    oid = identity.body["properties"]["principalId"]
    azure.assign_role(oid, "Reader", GROUP)
    await arm("DELETE", PATH, VERSION)
    assert len(azure.cloud.authorization.assignments.of(oid)) == 1


async def test_an_identity_made_again_is_another_principal(arm: Client, identity: Answer) -> None:
    await arm("DELETE", PATH, VERSION)
    again = await arm("PUT", PATH, VERSION, {"location": "westus"})
    assert again.status == 201
    assert again.body["properties"]["principalId"] != identity.body["properties"]["principalId"]


async def test_identities_are_listed_by_group_and_subscription(
    arm: Client, identity: Answer
) -> None:
    other = f"{GROUP}-2"
    await arm("PUT", other, "2025-04-01", {"location": "westus"})
    second = await arm("PUT", f"{other}/providers/{TYPE}/second", VERSION, {"location": "westus"})
    in_group = await arm("GET", f"{GROUP}/providers/{TYPE}", VERSION)
    in_all = await arm("GET", f"{SUBSCRIPTION}/providers/{TYPE}", VERSION)
    assert in_group.body == {"value": [identity.body]}
    assert in_all.body == {"value": [identity.body, second.body]}


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("identity", {}, 400, "LocationRequired"),
        ("ab", {"location": "westus"}, 400, "InvalidResourceName"),
        ("a" * 129, {"location": "westus"}, 400, "InvalidResourceName"),
        ("a.b.c", {"location": "westus"}, 400, "InvalidResourceName"),
    ],
)
async def test_what_is_no_identity_is_refused(
    azure: Emulator, arm: Client, group: str, name: str, body: Any, status: int, code: str
) -> None:
    answer = await arm("PUT", f"{GROUP}/providers/{TYPE}/{name}", VERSION, body)
    assert (answer.status, answer.code) == (status, code)
    assert azure.state()["userAssignedIdentities"] == {}


async def test_an_identity_cannot_move(arm: Client, identity: Answer) -> None:
    answer = await arm("PUT", PATH, VERSION, {"location": "eastus"})
    assert (answer.status, answer.code) == (409, "InvalidResourceLocation")


async def test_the_oldest_version_alone_shows_a_secret_url(arm: Client, identity: Answer) -> None:
    old = await arm("GET", PATH, "2015-08-31-preview")
    new = await arm("GET", PATH, VERSION)
    assert old.body["properties"].keys() - new.body["properties"].keys() == {"clientSecretUrl"}


async def test_microsofts_own_client_makes_an_identity(
    azure: Emulator, arm: Client, http: aiohttp.ClientSession, group: str
) -> None:
    class Credential:
        async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
            return AccessToken(arm.token, 2_000_000_000)

    client = ManagedServiceIdentityClient(
        cast(AsyncTokenCredential, Credential()),
        SUBSCRIPTION.rpartition("/")[2],
        base_url=azure.endpoints.resource_manager,
        credential_scopes=["https://management.azure.com/.default"],
        transport=AioHttpTransport(session=http, session_owner=False),
    )
    made = await client.user_assigned_identities.create_or_update(
        "demo", "by-client", {"location": "westus"}
    )
    listed = [each async for each in client.user_assigned_identities.list_by_subscription()]
    assert [each.principal_id for each in listed] == [made.principal_id]
    await client.user_assigned_identities.delete("demo", "by-client")
    assert azure.state()["userAssignedIdentities"] == {}
