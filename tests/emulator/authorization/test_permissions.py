from __future__ import annotations

from azure_emulator.emulator import Emulator
from emulator.conftest import GROUP, AsCaller

OTHER = GROUP.replace("/demo", "/other")


async def test_a_caller_sees_what_its_roles_there_and_above_give(
    azure: Emulator, as_caller: AsCaller, group: str
) -> None:
    client, principal = as_caller("Reader")
    azure.assign_role(principal.oid, "Managed Identity Operator", GROUP)
    azure.assign_role(principal.oid, "Owner", OTHER)
    path = f"{GROUP}/providers/Microsoft.Authorization/permissions"
    answer = await client("GET", path, "2022-04-01")
    roles = azure.cloud.authorization.definitions
    expected = [
        permission
        for name in ("Reader", "Managed Identity Operator")
        if (role := roles.named(name)) is not None
        for permission in role.permissions
    ]
    assert (answer.status, answer.body) == (200, {"value": expected})


async def test_a_caller_without_the_right_is_told_nothing(as_caller: AsCaller) -> None:
    client, _ = as_caller("Key Vault Secrets User")
    path = f"{GROUP}/providers/Microsoft.Authorization/permissions"
    answer = await client("GET", path, "2022-04-01")
    assert (answer.status, answer.body["error"]["code"]) == (403, "AuthorizationFailed")
