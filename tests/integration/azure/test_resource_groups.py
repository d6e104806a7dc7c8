"""Resource groups and identities against the emulator."""

from __future__ import annotations

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import Absent
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator


async def test_a_group_is_created_changed_read_and_deleted(
    session: Session, azure: Emulator
) -> None:
    id = ids.resource_group_id(session.subscription_id, "Other")
    groups = session.resource_groups
    created = await groups.put(id, {"location": "eastus", "tags": {"a": "1"}})
    changed = await groups.patch(id, {"tags": {"b": "2"}})
    read = await groups.get(id)
    await groups.delete(id)
    azure.clock.advance(60)
    with pytest.raises(Absent) as caught:
        await groups.get(id)
    assert (created["tags"], changed["tags"], read["tags"]) == ({"a": "1"}, {"b": "2"}, {"b": "2"})
    assert (caught.value.code, caught.value.status) == ("ResourceGroupNotFound", 404)


async def test_resources_of_a_group_are_listed(session: Session, group: ArmId) -> None:
    identity = ids.identity_id(group, "myACIId")
    await session.identities.put(identity, {"location": "eastus"})
    listed = await session.resource_groups.resources(group)
    assert [ArmId.parse(item["id"]) for item in listed] == [identity]


async def test_an_identity_keeps_its_ids_over_a_second_put(session: Session, group: ArmId) -> None:
    id = ids.identity_id(group, "myACIId")
    first = await session.identities.put(id, {"location": "eastus"})
    again = await session.identities.put(id, {"location": "eastus", "tags": {"a": "1"}})
    patched = await session.identities.patch(id, {"tags": {"b": "2"}})
    assert first["properties"] == again["properties"] == patched["properties"]
    assert (await session.identities.list(group)) == [await session.identities.get(id)]


async def test_deleting_an_identity_that_is_gone_is_no_error(
    session: Session, group: ArmId
) -> None:
    id = ids.identity_id(group, "myACIId")
    await session.identities.put(id, {"location": "eastus"})
    await session.identities.delete(id)
    await session.identities.delete(id)
    with pytest.raises(Absent):
        await session.identities.get(id)


async def test_all_pages_of_a_list_are_read(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    names = [f"identity-{number}" for number in range(5)]
    for name in names:
        await session.identities.put(ids.identity_id(group, name), {"location": "eastus"})
    azure.settings.page_size = 2
    azure.calls.forget()
    listed = await session.identities.list(group)
    assert [item["name"] for item in listed] == names
    assert len(azure.calls.list()) == 3


async def test_an_id_of_another_type_is_never_asked_for(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    with pytest.raises(ValueError, match="not the ID of one of Microsoft"):
        await session.identities.delete(group)
    assert azure.calls.list() == []
