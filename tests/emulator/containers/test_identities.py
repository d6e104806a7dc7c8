"""Managed identities of container groups."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import (
    GROUP,
    IDENTITIES,
    PROVIDER,
    SUBSCRIPTION,
    VERSION,
    a_container,
    a_group,
    with_identity,
)
from emulator.containers.conftest import Call

DEMO = f"{PROVIDER}/containerGroups/demo"
BOTH = "SystemAssigned, UserAssigned"


def a_changed_group() -> dict[str, Any]:
    return a_group(a_container(image="other:1"))


async def test_the_system_principal_is_in_the_first_answer(aci: Call, azure: Emulator) -> None:
    identity = (await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))).body[
        "identity"
    ]
    assert identity == {
        "type": "SystemAssigned",
        "tenantId": azure.settings.tenant_id,
        "principalId": identity["principalId"],
    }
    assert azure.cloud.directory.find(identity["principalId"]) is not None


async def test_the_key_of_a_user_identity_is_echoed_as_it_was_sent(
    aci: Call, azure: Emulator, identity: dict[str, Any]
) -> None:
    sent = f"{IDENTITIES}/MY-ID"
    answer = await aci("PUT", "demo", with_identity(a_group(), "UserAssigned", sent))
    properties = identity["properties"]
    assert answer.body["identity"] == {
        "type": "UserAssigned",
        "tenantId": azure.settings.tenant_id,
        "userAssignedIdentities": {
            sent: {
                "principalId": properties["principalId"],
                "clientId": properties["clientId"],
            }
        },
    }


@pytest.mark.parametrize("change", ["update", "stop and start"])
async def test_the_system_principal_stays(aci: Call, azure: Emulator, change: str) -> None:
    first = await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    azure.clock.advance(1)
    if change == "update":
        await aci("PUT", "demo", with_identity(a_changed_group(), "SystemAssigned"))
    else:
        await aci("POST", "demo/stop")
        await aci("POST", "demo/start")
    assert (await aci("GET", "demo")).body["identity"] == first.body["identity"]


@pytest.mark.parametrize("body", [a_group(), with_identity(a_group(), "None")])
async def test_a_put_without_identity_takes_it_away(
    aci: Call, azure: Emulator, body: dict[str, Any]
) -> None:
    first = await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    azure.clock.advance(1)
    answer = await aci("PUT", "demo", body)
    assert "identity" not in answer.body
    assert azure.cloud.directory.find(first.body["identity"]["principalId"]) is None


async def test_a_put_without_identity_may_keep_it(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"put_without_identity_removes": False})
    first = await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    azure.clock.advance(1)
    answer = await aci("PUT", "demo", a_changed_group())
    assert answer.body["identity"] == first.body["identity"]


async def test_deleting_the_group_removes_its_principal(aci: Call, azure: Emulator) -> None:
    first = await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    await aci("DELETE", "demo")
    second = await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    old, new = (one.body["identity"]["principalId"] for one in (first, second))
    assert old != new
    assert azure.cloud.directory.find(old) is None


@pytest.mark.parametrize(
    ("kind", "ids", "code"),
    [
        ("UserAssigned", (), "MissingIdentityIds"),
        (BOTH, (), "MissingIdentityIds"),
        ("SystemAssigned", (f"{IDENTITIES}/my-id",), "InvalidIdentityIds"),
        ("SystemAssigned,UserAssigned", (), "InvalidIdentityType"),
    ],
)
async def test_an_identity_that_makes_no_sense_is_refused(
    aci: Call, identity: dict[str, Any], kind: str, ids: tuple[str, ...], code: str
) -> None:
    answer = await aci("PUT", "demo", with_identity(a_group(), kind, *ids))
    assert (answer.status, answer.code) == (400, code)


OWN = f"{SUBSCRIPTION}/resourceGroups/own"


@pytest.fixture
async def limited(azure: Emulator, arm: Client, http: Any) -> Client:
    """A client whose rights end at the resource group `own`."""
    caller = azure.create_service_principal("limited")
    await arm("PUT", OWN, "2025-04-01", {"location": "westus"})
    azure.assign_role(caller.oid, "Contributor", OWN)
    return Client(http, azure.endpoints.resource_manager, azure.token(caller))


async def test_a_subnet_that_the_caller_may_not_join_is_refused(limited: Client) -> None:
    subnet = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    path = DEMO.replace(GROUP, OWN)
    answer = await limited("PUT", path, VERSION, a_group(subnetIds=[{"id": subnet}]))
    assert (answer.status, answer.code) == (403, "LinkedAuthorizationFailed")
    assert "Microsoft.Network/virtualNetworks/subnets/join/action" in answer.message


@pytest.mark.parametrize("name", ["my-id", "missing"])
async def test_an_identity_that_the_caller_may_not_assign_is_refused(
    limited: Client, identity: dict[str, Any], name: str
) -> None:
    wanted = f"{IDENTITIES}/{name}"
    path = DEMO.replace(GROUP, OWN)
    answer = await limited("PUT", path, VERSION, with_identity(a_group(), "UserAssigned", wanted))
    assert (answer.status, answer.code) == (403, "LinkedAuthorizationFailed")
    assert f"on the linked scope(s) '{wanted}' (respectively)" in answer.message
    assert "x-ms-ratelimit-remaining-subscription-resource-requests-pt1h" not in answer.headers


async def test_an_identity_that_does_not_exist_is_refused_for_the_owner_too(aci: Call) -> None:
    body = with_identity(a_group(), "UserAssigned", f"{IDENTITIES}/missing")
    answer = await aci("PUT", "demo", body)
    assert (answer.status, answer.code) == (400, "FailedIdentityOperation")
    assert (await aci("GET", "demo")).status == 404


@pytest.mark.parametrize("request_", ["GET demo", "DELETE demo", "POST demo/stop", "PUT demo"])
async def test_a_group_whose_identity_was_deleted_answers_500(
    aci: Call, arm: Client, identity: dict[str, Any], request_: str
) -> None:
    body = with_identity(a_group(), "UserAssigned", identity["id"])
    await aci("PUT", "demo", body)
    await arm("DELETE", identity["id"], "2024-11-30")
    method, path = request_.split()
    answer = await aci(method, path, body if method == "PUT" else None)
    assert (answer.status, answer.code) == (500, "InternalServerError")


async def test_an_identity_made_again_under_the_same_name_does_not_help(
    aci: Call, arm: Client, identity: dict[str, Any]
) -> None:
    await aci("PUT", "demo", with_identity(a_group(), "UserAssigned", identity["id"]))
    await arm("DELETE", identity["id"], "2024-11-30")
    await arm("PUT", identity["id"], "2024-11-30", {"location": "westus"})
    assert (await aci("GET", "demo")).status == 500


async def test_that_trap_can_be_switched_off(
    aci: Call, arm: Client, azure: Emulator, identity: dict[str, Any]
) -> None:
    azure.settings.change({"deleted_identity_breaks_group": False})
    await aci("PUT", "demo", with_identity(a_group(), "UserAssigned", identity["id"]))
    await arm("DELETE", identity["id"], "2024-11-30")
    assert (await aci("DELETE", "demo")).status == 200


async def test_containers_can_ask_for_tokens_of_the_groups_identities(
    aci: Call, azure: Emulator, told: ContainerGroups, identity: dict[str, Any]
) -> None:
    answer = await aci("PUT", "demo", with_identity(a_group(), BOTH, identity["id"]))
    assert told.identity_of(DEMO.upper()) is not None
    assert told.identity_of(DEMO).running is False  # type: ignore[union-attr]
    azure.clock.advance(1)
    found = told.identity_of(DEMO)
    assert found is not None
    assert found.system is not None
    assert found.system.oid == answer.body["identity"]["principalId"]
    assert [one.principal.oid for one in found.user] == [identity["properties"]["principalId"]]
    assert (found.running, found.started_at) == (True, azure.clock.now())


async def test_a_group_that_does_not_exist_has_no_identities(told: ContainerGroups) -> None:
    assert told.identity_of(DEMO) is None
