"""Vaults against the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import Absent, Rejected
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from integration.azure.bodies import vault_body

READER = "11111111-1111-1111-1111-111111111111"


def entry(session: Session, *permissions: str) -> dict[str, Any]:
    return {
        "tenantId": session.tenant_id,
        "objectId": READER,
        "permissions": {"secrets": list(permissions)},
    }


async def test_a_patch_keeps_what_it_does_not_name(session: Session, vault: ArmId) -> None:
    before = await session.vaults.get(vault)
    after = await session.vaults.patch(vault, {"tags": {"a": "1"}})
    assert (after["tags"], after["properties"]["accessPolicies"]) == (
        {"a": "1"},
        before["properties"]["accessPolicies"],
    )


@pytest.mark.parametrize("name", ["accessPolicies", "AccessPolicies"])
async def test_a_patch_with_access_policies_is_refused_before_azure_is_asked(
    session: Session, vault: ArmId, azure: Emulator, name: str
) -> None:
    azure.calls.forget()
    with pytest.raises(ValueError, match="replaces the whole list"):
        await session.vaults.patch(vault, {"properties": {name: []}})
    assert azure.calls.list() == []


async def test_added_permissions_join_what_is_there(session: Session, vault: ArmId) -> None:
    await session.vaults.add_policies(vault, [entry(session, "get")])
    after = await session.vaults.add_policies(vault, [entry(session, "list")])
    assert [one["permissions"] for one in after if one["objectId"] == READER] == [
        {"secrets": ["get", "list"]}
    ]


async def test_an_entry_goes_with_its_last_permission(session: Session, vault: ArmId) -> None:
    before = (await session.vaults.get(vault))["properties"]["accessPolicies"]
    await session.vaults.add_policies(vault, [entry(session, "get")])
    after = await session.vaults.remove_policies(vault, [entry(session, "get")])
    assert after == before


async def test_a_deleted_vault_is_found_recovered_and_purged(
    session: Session, vault: ArmId, group: ArmId, azure: Emulator
) -> None:
    await session.vaults.delete(vault)
    await session.vaults.delete(vault)
    found = await session.vaults.find_deleted(session.subscription_id, "East US", vault.name)
    assert found is not None
    assert ids.same(found["properties"]["vaultId"], vault)
    body = vault_body(session, [])
    body["properties"]["createMode"] = "recover"
    await session.vaults.create(vault, body)
    listed = await session.vaults.list(group)
    await session.vaults.delete(vault)
    await session.vaults.purge(session.subscription_id, "eastus", vault.name)
    azure.clock.advance(60)
    assert [ArmId.parse(item["id"]) for item in listed] == [vault]
    assert await session.vaults.find_deleted(session.subscription_id, "eastus", vault.name) is None


async def test_a_name_in_soft_delete_is_rejected_with_the_way_out(
    session: Session, vault: ArmId
) -> None:
    await session.vaults.delete(vault)
    with pytest.raises(Rejected, match="recover or purge") as caught:
        await session.vaults.create(vault, vault_body(session, []))
    assert (caught.value.code, caught.value.status) == ("ConflictError", 409)


async def test_a_vault_that_is_not_there_is_absent(session: Session, group: ArmId) -> None:
    with pytest.raises(Absent):
        await session.vaults.get(ids.vault_id(group, "nowhere"))
