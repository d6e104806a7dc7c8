"""Deletion to the end: only what is ours, until a read says that it is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.azure.errors import Absent, AzureError, Unavailable
from aci_operator.azure.session import Session
from aci_operator.kube import paths
from aci_operator.reconcile import removal
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.ownership import OWNER_TAG
from aci_operator.reconcile.removal import Remover
from aci_operator.reconcile.sessions import Sessions
from aci_operator.reconcile.steps import Wait
from pass_builders import OWNER, ApiServer, a_pass, an_object

ID = "/subscriptions/s/resourceGroups/it"
OURS: Body = {"id": ID, "tags": {OWNER_TAG: OWNER}}
FOREIGN: Body = {"id": ID, "tags": {}}
SOURCE = {"secretKeyRef": {"name": "login", "key": "password"}}
ACCOUNT = an_object(
    "AzureAccount",
    "account",
    spec={
        "subscriptionId": "s",
        "tenantId": "11111111-2222-4333-8444-555555555555",
        "credential": {"servicePrincipal": {"clientId": "c", "clientSecretFrom": SOURCE}},
    },
)
GOING = an_object(
    "ResourceGroup",
    status={"id": ID, "accountRef": {"kind": "AzureAccount", "name": "account"}},
    deletion_timestamp="2026-01-01T00:00:00Z",
)


class Cloud:
    """One resource that takes some reads to go after its deletion."""

    def __init__(self, body: Body | None, lingers: int = 0) -> None:
        self.body, self.lingers = body, lingers
        self.calls: list[str] = []

    async def get(self, arm_id: str) -> Body:
        self.calls.append("GET")
        if "DELETE" in self.calls:
            self.body = self.body if self.lingers > 0 else None
            self.lingers -= 1
        if self.body is None:
            raise Absent("not there")
        return self.body

    async def delete(self, arm_id: str) -> None:
        self.calls.append("DELETE")


class Broken(Cloud):
    """A resource that cannot be read."""

    async def get(self, arm_id: str) -> Body:
        raise Unavailable("down")


@pytest.fixture
async def p() -> AsyncIterator[Pass]:
    """A pass over an object that is going, with an account whose session asks nobody."""
    found = a_pass(GOING, ACCOUNT)
    server = server_of(found)
    metadata = {"name": "login", "namespace": "here", "uid": "u", "resourceVersion": "1"}
    secret: dict[str, Any] = {"metadata": metadata, "data": {"password": "c2VjcmV0"}}
    server.bodies[paths.of_secret("here", "login")] = secret
    found.world.sessions = Sessions(server, Session.open)
    found.world.recorder.start()
    yield found
    await found.world.sessions.close()
    await found.world.recorder.close()


def server_of(p: Pass) -> ApiServer:
    assert isinstance(p.world.kube, ApiServer)
    return p.world.kube


async def removed(p: Pass, cloud: Cloud) -> tuple[bool, list[tuple[str, str, str]]]:
    """Run the removal; give whether the object went, and the events."""
    await removal.remove(p, lambda: Remover(cloud.get, cloud.delete), default_policy="Delete")
    await p.world.recorder.close()
    server = server_of(p)
    return paths.of_object(GOING.key) not in server.bodies, server.events


async def test_what_is_ours_is_deleted_and_seen_to_be_gone(p: Pass) -> None:
    cloud = Cloud(OURS)
    assert await removed(p, cloud) == (True, [("Normal", "Deleted", f"{ID} is gone.")])
    assert cloud.calls == ["GET", "DELETE", "GET"]


async def test_what_is_not_ours_stays(p: Pass) -> None:
    cloud = Cloud(FOREIGN)
    told = f"{ID} is not this object's, so it stays in Azure."
    assert await removed(p, cloud) == (True, [("Normal", "Retained", told)])
    assert cloud.calls == ["GET"]


async def test_what_is_gone_already_is_not_deleted_again(p: Pass) -> None:
    cloud = Cloud(None)
    assert (await removed(p, cloud))[0] is True
    assert cloud.calls == ["GET"]


async def test_the_object_stays_until_azure_has_deleted(p: Pass) -> None:
    with pytest.raises(Wait) as raised:
        await removed(p, Cloud(OURS, lingers=1))
    assert (raised.value.reason, raised.value.message, raised.value.after) == (
        "Deleting",
        f"Azure is deleting {ID}. It was asked for 16 min ago.",
        2.0,
    )
    assert paths.of_object(GOING.key) in server_of(p).bodies


async def test_a_read_that_fails_lets_nothing_go(p: Pass) -> None:
    with pytest.raises(AzureError):
        await removed(p, Broken(OURS))
    assert paths.of_object(GOING.key) in server_of(p).bodies


async def test_a_deletion_that_azure_took_is_not_asked_for_at_each_look(p: Pass) -> None:
    cloud = Cloud(OURS, lingers=3)
    for _ in range(3):
        with pytest.raises(Wait):
            await removal.remove(
                p, lambda: Remover(cloud.get, cloud.delete), default_policy="Delete"
            )
    assert await removed(p, cloud) == (True, [("Normal", "Deleted", f"{ID} is gone.")])
    assert cloud.calls == ["GET", "DELETE", *["GET"] * 4]


async def test_a_deletion_that_came_to_nothing_is_asked_for_again(p: Pass) -> None:
    cloud = Cloud(OURS, lingers=3)
    for _ in range(2):
        with pytest.raises(Wait):
            await removed(p, cloud)
        p.world.deleting[ID.lower()] -= removal.AGAIN
    assert cloud.calls.count("DELETE") == 2
