"""Before a grant is written, the principal's owner is read from the API server once more."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.kube import paths
from aci_operator.kube.errors import Stale
from aci_operator.reconcile import principals
from aci_operator.reconcile.context import Pass
from pass_builders import ApiServer, a_pass, a_settled, an_object

ACCESS = an_object(
    "KeyVaultAccess",
    spec={"principal": {"containerGroupRef": {"name": "group"}}, "permissions": {}},
)
BEFORE = {"id": "/subscriptions/s", "identity": {"principalId": "p-1"}}


def a_group(**status: Any) -> Object:
    return a_settled("ContainerGroup", "group", status={**BEFORE, **status})


def passing(server_says: dict[str, Any] | None) -> Pass:
    """A pass whose store is older than what the API server says."""
    group = a_group()
    p = a_pass(ACCESS, group)
    server: Any = p.world.kube
    assert isinstance(server, ApiServer)
    path = paths.of_object(group.key)
    if server_says is None:
        del server.bodies[path]
    else:
        server.edit(path, status={**server.bodies[path]["status"], **server_says})
    return p


async def sent_back(p: Pass) -> bool:
    """Whether the pass has to begin again, since its view of the owner is old."""
    try:
        await principals.confirm(p)
    except Stale:
        return True
    return False


@pytest.mark.parametrize("status", [{}, {"state": "Running"}])
async def test_an_owner_with_the_same_principal_is_confirmed(status: dict[str, Any]) -> None:
    assert await sent_back(passing(status)) is False


@pytest.mark.parametrize(
    ("server_says", "known"),
    [({"identity": {"principalId": "p-2"}}, {"principalId": "p-2"}), (None, None)],
)
async def test_an_owner_that_has_changed_sends_the_pass_back(
    server_says: dict[str, Any] | None, known: dict[str, str] | None
) -> None:
    p = passing(server_says)
    assert await sent_back(p) is True
    group = p.world.store.get(a_group().key)
    assert (group.status["identity"] if group else None) == known


async def test_a_raw_principal_needs_no_look() -> None:
    raw = an_object("KeyVaultAccess", spec={"principal": {"principalId": "p"}})
    p = a_pass(raw)
    assert await sent_back(p) is False
