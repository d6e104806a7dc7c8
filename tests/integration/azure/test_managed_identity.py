"""A session that signs in as the managed identity of the machine that it runs on."""

from __future__ import annotations

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import Forbidden
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body
from integration.azure.conftest import Open

HOST = "AZURE_POD_IDENTITY_AUTHORITY_HOST"
"""By which azure-identity is told another address than 169.254.169.254."""


async def test_it_acts_as_the_machines_own_principal(
    session: Session,
    group: ArmId,
    azure: Emulator,
    open_session: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    id_ = ids.container_group_id(group, "machine")
    made = await session.container_groups.put(id_, group_body())
    azure.clock.advance(60)
    monkeypatch.setenv(HOST, await azure.identity_endpoint(str(id_)))
    other = await open_session(client_id="", client_secret="", managed_identity=True)
    assert await other.principal_id() == made["identity"]["principalId"]
    with pytest.raises(Forbidden):
        await other.resource_groups.get(group)
