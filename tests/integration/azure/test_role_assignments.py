"""Role assignments against the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import Absent, NotReplicated, Rejected
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


@pytest.fixture
async def reader(session: Session, group: ArmId) -> str:
    """The principal ID of an identity."""
    identity = await session.identities.put(
        ids.identity_id(group, "myACIId"), {"location": "eastus"}
    )
    return str(identity["properties"]["principalId"])


def assignment(session: Session, principal: str, **more: str) -> dict[str, Any]:
    role = str(ids.role_definition_id(session.subscription_id, SECRETS_USER))
    return {"properties": {"roleDefinitionId": role, "principalId": principal, **more}}


def name_of(scope: ArmId, principal: str) -> ArmId:
    name = ids.role_assignment_name(str(scope), principal, SECRETS_USER)
    return ids.role_assignment_id(scope, name)


async def test_a_role_is_assigned_again_without_harm(
    session: Session, vault: ArmId, reader: str
) -> None:
    id = name_of(vault, reader)
    body = assignment(session, reader, principalType="ServicePrincipal")
    await session.role_assignments.put(id, body)
    await session.role_assignments.put(id, body)
    listed = await session.role_assignments.list(vault, reader)
    assert [ArmId.parse(item["id"]) for item in listed] == [id]


async def test_an_assignment_is_read_and_taken_away(
    session: Session, vault: ArmId, reader: str
) -> None:
    id = name_of(vault, reader)
    await session.role_assignments.put(id, assignment(session, reader))
    read = await session.role_assignments.get(id)
    await session.role_assignments.delete(id)
    await session.role_assignments.delete(id)
    with pytest.raises(Absent):
        await session.role_assignments.get(id)
    assert read["properties"]["principalId"] == reader


async def test_the_same_grant_under_another_name_is_named(
    session: Session, vault: ArmId, reader: str
) -> None:
    await session.role_assignments.put(name_of(vault, reader), assignment(session, reader))
    other = ids.role_assignment_id(vault, "00000000-0000-0000-0000-000000000001")
    with pytest.raises(Rejected) as caught:
        await session.role_assignments.put(other, assignment(session, reader))
    assert (caught.value.code, caught.value.status) == ("RoleAssignmentExists", 409)


async def test_a_principal_that_is_too_new_is_not_replicated(
    session: Session, group: ArmId, vault: ArmId, azure: Emulator
) -> None:
    azure.settings.principal_delay = 60
    identity = await session.identities.put(ids.identity_id(group, "new"), {"location": "eastus"})
    principal = identity["properties"]["principalId"]
    body = assignment(session, principal)
    with pytest.raises(NotReplicated) as caught:
        await session.role_assignments.put(name_of(vault, principal), body)
    assert (caught.value.code, caught.value.status) == ("PrincipalNotFound", 400)


async def test_a_principal_that_is_no_guid_is_never_put_into_a_filter(
    session: Session, vault: ArmId, azure: Emulator
) -> None:
    azure.calls.forget()
    with pytest.raises(ValueError, match="badly formed"):
        await session.role_assignments.list(vault, "x' or principalId ne '")
    assert azure.calls.list() == []
