from __future__ import annotations

import uuid
from typing import Any

import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.settings import Settings
from emulator.conftest import GROUP, SUBSCRIPTION, Answer, AsCaller, Ask, Client

VERSION = "2022-04-01"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
NAME = "88888888-0000-0000-0000-000000000001"


@pytest.fixture
def settings() -> Settings:
    return Settings(principal_delay=60, role_delay=300)


@pytest.fixture
def principal(azure: Emulator) -> Principal:
    """A principal that role assignments can see."""
    made = azure.create_service_principal("application")
    azure.clock.advance(60)
    return made


@pytest.fixture
def put(arm: Client, group: str, principal: Principal) -> Ask:
    """PUT a role assignment of the principal as Reader, on the group unless told otherwise."""

    async def send(name: str = NAME, scope: str = GROUP, **properties: Any) -> Answer:
        role = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
        body = {"roleDefinitionId": role, "principalId": principal.oid} | properties
        return await arm("PUT", at(name, scope), VERSION, {"properties": body})

    return send


def at(name: str = NAME, scope: str = GROUP) -> str:
    return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"


async def names(arm: Client, scope: str = GROUP, wanted: str | None = None) -> list[str]:
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments"
    path += f"?$filter={wanted}&api-version={VERSION}" if wanted else f"?api-version={VERSION}"
    answer = await arm("GET", path)
    assert answer.status == 200
    return sorted(each["name"] for each in answer.body["value"])


async def test_a_new_assignment_is_shown_whole_without_who_created_it(
    put: Ask, principal: Principal, owner: Principal
) -> None:
    answer = await put(principalType="ServicePrincipal")
    assert answer.status == 201
    times = {answer.body["properties"].pop(name) for name in ("createdOn", "updatedOn")}
    assert times == {"2026-09-21T14:14:20.0000000Z"}
    assert answer.body == {
        "properties": {
            "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
            f"{READER}",
            "principalId": principal.oid,
            "principalType": "ServicePrincipal",
            "scope": GROUP,
            "createdBy": None,
            "updatedBy": owner.oid,
        },
        "id": at(),
        "type": "Microsoft.Authorization/roleAssignments",
        "name": NAME,
    }


async def test_a_later_read_tells_who_created_it(arm: Client, put: Ask, owner: Principal) -> None:
    await put()
    answer = await arm("GET", at(), VERSION)
    assert answer.body["properties"]["createdBy"] == owner.oid


async def test_the_same_assignment_again_is_accepted(put: Ask) -> None:
    await put()
    assert (await put(description="why")).status == 200


async def test_a_description_may_change(arm: Client, put: Ask) -> None:
    await put(description="one")
    await put(description="two")
    answer = await arm("GET", at(), VERSION)
    assert answer.body["properties"]["description"] == "two"


async def test_a_role_by_its_bare_id_is_shown_in_the_subscription(put: Ask) -> None:
    short = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    answer = await put(roleDefinitionId=short)
    assert answer.body["properties"]["roleDefinitionId"] == SUBSCRIPTION + short


async def test_the_same_role_under_another_name_exists_already(put: Ask) -> None:
    await put()
    answer = await put(name=str(uuid.uuid4()))
    assert (answer.status, answer.body) == (
        409,
        {
            "error": {
                "code": "RoleAssignmentExists",
                "message": "The role assignment already exists.",
            }
        },
    )


@pytest.mark.parametrize("change", ["role", "scope", "principal"])
async def test_what_an_assignment_is_about_cannot_change(
    azure: Emulator, put: Ask, change: str
) -> None:
    await put()
    changed = {
        "role": {"roleDefinitionId": f"/x/{SECRETS_USER}"},
        "scope": {"scope": SUBSCRIPTION},
        "principal": {"principalId": str(uuid.uuid4()), "principalType": "ServicePrincipal"},
    }[change]
    answer = await put(**changed)
    assert (answer.status, answer.code) == (400, "RoleAssignmentUpdateNotPermitted")
    assert answer.message == (
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
    )


async def test_an_unknown_principal_is_printed_without_dashes(azure: Emulator, put: Ask) -> None:
    unknown = "81009f34-150a-40a1-a60c-20086116e41f"
    answer = await put(principalId=unknown)
    assert (answer.status, answer.code) == (400, "PrincipalNotFound")
    assert answer.message.startswith(
        "Principal 81009f34150a40a1a60c20086116e41f does not exist in the directory "
        f"{azure.settings.tenant_id}. "
    )


async def test_a_new_principal_is_unknown_for_a_while(azure: Emulator, put: Ask) -> None:
    new = azure.create_service_principal("new")
    azure.clock.advance(59)
    early = await put(principalId=new.oid)
    azure.clock.advance(1)
    late = await put(principalId=new.oid)
    assert (early.code, early.status, late.status) == ("PrincipalNotFound", 400, 201)


async def test_a_told_principal_type_skips_the_directory(put: Ask) -> None:
    answer = await put(principalId=str(uuid.uuid4()), principalType="ServicePrincipal")
    assert answer.status == 201


@pytest.mark.parametrize(
    ("name", "properties", "code"),
    [
        ("no-guid", {}, "InvalidRoleAssignmentId"),
        (NAME, {"roleDefinitionId": str(uuid.uuid4())}, "RoleDefinitionDoesNotExist"),
        (NAME, {"roleDefinitionId": None}, "InvalidRequestContent"),
        (NAME, {"principalId": 5}, "InvalidRequestContent"),
        (NAME, {"principalType": "Robot"}, "InvalidRequestContent"),
    ],
)
async def test_what_is_no_assignment_is_refused(
    put: Ask, name: str, properties: Any, code: str
) -> None:
    answer = await put(name=name, **properties)
    assert (answer.status, answer.code) == (400, code)


async def test_an_assignment_in_a_missing_group_is_refused(put: Ask) -> None:
    answer = await put(scope=f"{GROUP}-missing")
    assert (answer.status, answer.code) == (404, "ResourceGroupNotFound")


async def test_a_deleted_assignment_is_shown_once_more_and_then_gone(arm: Client, put: Ask) -> None:
    made = await put()
    gone = await arm("DELETE", at(), VERSION)
    again = await arm("DELETE", at(), VERSION)
    missing = await arm("GET", at(), VERSION)
    assert (gone.status, gone.body["id"], again.status) == (200, made.body["id"], 204)
    assert (missing.status, missing.code) == (404, "RoleAssignmentNotFound")


async def test_an_assignment_is_not_found_at_another_scope(arm: Client, put: Ask) -> None:
    await put()
    assert (await arm("GET", at(scope=SUBSCRIPTION), VERSION)).status == 404
    assert (await arm("DELETE", at(scope=SUBSCRIPTION), VERSION)).status == 204
    assert (await arm("GET", at(), VERSION)).status == 200


async def test_lists_are_narrowed_by_scope_and_principal(
    azure: Emulator, arm: Client, put: Ask, principal: Principal, owner: Principal
) -> None:
    below, other = str(uuid.uuid4()), str(uuid.uuid4())
    await put()
    await put(name=below, scope=f"{GROUP}/providers/Microsoft.KeyVault/vaults/v")
    await put(name=other, scope=SUBSCRIPTION, principalId=other, principalType="User")
    owners = azure.cloud.authorization.assignments.of(owner.oid)[0].name
    assert await names(arm) == sorted([NAME, below, other, owners])
    assert await names(arm, wanted="atScope()") == sorted([NAME, other, owners])
    mine = f"principalId eq '{principal.oid}'"
    assert await names(arm, wanted=mine) == sorted([NAME, below])
    assert await names(arm, wanted=f"atScope() and assignedTo('{principal.oid}')") == [NAME]
    assert await names(arm, scope=SUBSCRIPTION, wanted=mine) == sorted([NAME, below])


async def test_an_unknown_filter_is_refused(arm: Client, group: str) -> None:
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments?$filter=name eq 'x'"
    answer = await arm("GET", f"{path}&api-version={VERSION}")
    assert (answer.status, answer.code) == (400, "InvalidFilter")


async def test_a_role_takes_effect_after_a_while_and_ends_at_once(
    azure: Emulator, arm: Client, put: Ask, as_caller: AsCaller
) -> None:
    client, caller = as_caller(None)
    await put(principalId=caller.oid, principalType="ServicePrincipal")
    azure.clock.advance(299)
    early = await client("GET", GROUP, "2025-04-01")
    azure.clock.advance(1)
    late = await client("GET", GROUP, "2025-04-01")
    await arm("DELETE", at(), VERSION)
    after = await client("GET", GROUP, "2025-04-01")
    assert (early.status, late.status, after.status) == (403, 200, 403)


async def test_a_contributor_cannot_assign(
    group: str, as_caller: AsCaller, principal: Principal
) -> None:
    client, _ = as_caller("Contributor")
    body = {"properties": {"roleDefinitionId": READER, "principalId": principal.oid}}
    answer = await client("PUT", at(), VERSION, body)
    assert (answer.status, answer.code) == (403, "AuthorizationFailed")
    assert f"'Microsoft.Authorization/roleAssignments/write' over scope '{at()}'" in answer.message
