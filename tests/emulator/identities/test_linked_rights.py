"""Giving an identity to a container group takes a right on the identity."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.emulator import Emulator
from emulator.conftest import GROUP, SUBSCRIPTION, AsCaller, Client

CONTAINERS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"
TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
FOREIGN = f"{GROUP}-foreign/providers/{TYPE}/identity"
MISSING = f"{GROUP}/providers/{TYPE}/missing"


@pytest.fixture
async def foreign(arm: Client, group: str) -> None:
    await arm("PUT", f"{GROUP}-foreign", "2025-04-01", {"location": "westus"})
    await arm("PUT", FOREIGN, "2024-11-30", {"location": "westus"})


def body(identity: str) -> dict[str, Any]:
    requests = {"cpu": 1, "memoryInGB": 1}
    container = {"image": "nginx", "resources": {"requests": requests}}
    return {
        "location": "westus",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        "properties": {"osType": "Linux", "containers": [{"name": "app", "properties": container}]},
    }


async def put(client: Client, identity: str) -> tuple[int, str]:
    answer = await client("PUT", CONTAINERS, "2023-05-01", body(identity))
    return answer.status, answer.code


async def test_an_identity_elsewhere_takes_a_role_there(
    azure: Emulator, foreign: None, as_caller: AsCaller
) -> None:
    client, caller = as_caller("Contributor", GROUP)
    assert await put(client, FOREIGN) == (403, "LinkedAuthorizationFailed")
    azure.assign_role(caller.oid, "Managed Identity Operator", FOREIGN)
    assert await put(client, FOREIGN) == (201, "")


async def test_a_missing_identity_is_refused_as_forbidden_unless_one_may_see_all(
    foreign: None, as_caller: AsCaller
) -> None:
    narrow, _ = as_caller("Contributor", GROUP)
    wide, _ = as_caller("Contributor", SUBSCRIPTION)
    assert await put(narrow, MISSING) == (403, "LinkedAuthorizationFailed")
    assert (await put(wide, MISSING))[1] != "LinkedAuthorizationFailed"
