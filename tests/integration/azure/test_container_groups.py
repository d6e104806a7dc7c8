"""Container groups against the emulator."""

from __future__ import annotations

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import Absent, Conflict, Forbidden, Rejected
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body
from integration.azure.conftest import Open


@pytest.fixture
async def container_group(session: Session, group: ArmId, azure: Emulator) -> ArmId:
    """A container group that runs; the calls so far are forgotten."""
    id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(id, group_body())
    azure.clock.advance(60)
    azure.calls.forget()
    return id


async def test_the_first_answer_holds_the_principal_of_the_system_identity(
    session: Session, group: ArmId
) -> None:
    id = ids.container_group_id(group, "mycontainer")
    first = await session.container_groups.put(id, group_body())
    later = await session.container_groups.get(id)
    assert (first["properties"]["provisioningState"], first["identity"]) == (
        "Pending",
        later["identity"],
    )


async def test_a_put_is_one_request_and_does_not_wait(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(id, group_body())
    assert [str(call) for call in azure.calls.list() if call.surface == "arm"] == [
        f"PUT {id}?api-version=2025-09-01"
    ]


async def test_fields_that_the_packages_models_do_not_know_are_sent_and_read(
    session: Session, group: ArmId, azure: Emulator
) -> None:
    body = group_body()
    body["properties"]["containers"][0]["properties"]["configMap"] = {"keyValuePairs": {"a": "b"}}
    id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(id, body)
    read = await session.container_groups.get(id)
    assert azure.calls.writes()[-1].body == body
    assert read["properties"]["containers"][0]["properties"]["configMap"] == {
        "keyValuePairs": {"a": "b"}
    }


async def test_patched_tags_replace_the_map(session: Session, container_group: ArmId) -> None:
    await session.container_groups.patch_tags(container_group, {"a": "1"})
    after = await session.container_groups.patch_tags(container_group, {"b": "2"})
    assert after["tags"] == {"b": "2"}


async def test_stop_start_and_restart_are_one_request_each(
    session: Session, container_group: ArmId, azure: Emulator
) -> None:
    await session.container_groups.stop(container_group)
    azure.clock.advance(60)
    await session.container_groups.start(container_group)
    azure.clock.advance(60)
    await session.container_groups.restart(container_group)
    assert [str(call).split("?")[0] for call in azure.calls.list()] == [
        f"POST {container_group}/stop",
        f"POST {container_group}/start",
        f"POST {container_group}/restart",
    ]


async def test_starting_a_group_that_runs_is_no_error(
    session: Session, container_group: ArmId, azure: Emulator
) -> None:
    await session.container_groups.start(container_group)
    assert [(call.method, call.path.split("?")[0], call.status) for call in azure.calls.list()] == [
        ("POST", f"{container_group}/start", 204)
    ]


async def test_a_list_shows_no_instance_view(
    session: Session, group: ArmId, container_group: ArmId
) -> None:
    listed = await session.container_groups.list(group)
    assert [(item["name"], "instanceView" in item["properties"]) for item in listed] == [
        ("mycontainer", False)
    ]


@pytest.mark.parametrize("seconds", [0, 5])
async def test_a_deletion_does_not_wait_and_is_repeatable(
    session: Session, container_group: ArmId, azure: Emulator, seconds: float
) -> None:
    azure.settings.container_delete_seconds = seconds
    await session.container_groups.delete(container_group, "eastus")
    azure.clock.advance(60)
    await session.container_groups.delete(container_group)
    with pytest.raises(Absent):
        await session.container_groups.get(container_group)


async def test_a_second_change_while_one_is_going_on_is_a_conflict(
    session: Session, group: ArmId
) -> None:
    id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(id, group_body())
    with pytest.raises(Conflict) as caught:
        await session.container_groups.stop(id)
    assert caught.value.code == "ContainerGroupTransitioning"


async def test_an_unknown_member_is_rejected_with_azures_sentence(
    session: Session, group: ArmId
) -> None:
    with pytest.raises(Rejected, match="Could not find member 'nonsense'") as caught:
        await session.container_groups.put(
            ids.container_group_id(group, "mycontainer"), group_body(nonsense=1)
        )
    assert (caught.value.code, caught.value.status) == ("InvalidRequestContent", 400)


async def test_the_missing_right_on_an_identity_is_named(
    session: Session, group: ArmId, azure: Emulator, open_session: Open
) -> None:
    identity = ids.identity_id(ids.resource_group_id(session.subscription_id, "other"), "theirs")
    limited = azure.create_service_principal("limited", secret="another")
    azure.assign_role(limited.oid, "Contributor", str(group))
    other = await open_session(client_id=limited.appid, client_secret="another")
    body = group_body()
    body["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {str(identity): {}}}
    with pytest.raises(Forbidden) as caught:
        await other.container_groups.put(ids.container_group_id(group, "mycontainer"), body)
    error = caught.value
    assert (error.code, error.action, ids.same(error.scope, identity)) == (
        "LinkedAuthorizationFailed",
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        True,
    )
