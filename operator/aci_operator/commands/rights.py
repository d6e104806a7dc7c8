"""Asking Azure which of the needed rights an account has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aci_operator.azure.errors import Absent, AzureError, Forbidden
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from aci_operator.commands.actions import lacking
from aci_operator.commands.findings import MISSING, UNKNOWN, Finding
from aci_operator.commands.needs import Need

Permissions = Sequence[Mapping[str, Any]]


async def rights(session: Session, needs: Iterable[Need]) -> list[Finding]:
    """Give a row for each scope that has all it needs, else one for each right that it lacks."""
    asked: dict[str, Permissions | AzureError | ValueError] = {}
    found: list[Finding] = []
    for need in needs:
        if need.scope not in asked:
            asked[need.scope] = await _asked(session, need.scope)
        if need.data and await _by_policies(session, need.scope):
            continue  # the roles of such a vault are not looked at by anybody
        found += _told(need, asked[need.scope])
    return list(dict.fromkeys(found))


async def _asked(session: Session, scope: str) -> Permissions | AzureError | ValueError:
    try:
        return await _permissions(session, scope)
    except (AzureError, ValueError) as error:
        return error


def _told(need: Need, answer: Permissions | AzureError | ValueError) -> list[Finding]:
    check = "data actions" if need.data else "actions"
    if isinstance(answer, Forbidden):
        todo = "Azure does not tell: the role lacks Microsoft.Authorization/permissions/read"
        return [Finding(check, need.scope, UNKNOWN, todo)]
    if isinstance(answer, AzureError | ValueError):
        return [Finding(check, need.scope, UNKNOWN, str(answer))]
    todo = f"give the account a role with {{}} on {need.scope}"
    return [
        Finding(check, need.scope, MISSING, todo.format(action))
        for action in lacking(answer, need.actions, data=need.data)
    ] or [Finding(check, need.scope)]


async def _permissions(session: Session, scope: str) -> Permissions:
    """A group that is yet to be made will have the rights that the subscription gives."""
    try:
        return await session.permissions.list(scope)
    except Absent:
        return await session.permissions.list(f"/subscriptions/{session.subscription_id}")


async def _by_policies(session: Session, vault_id: str) -> bool:
    try:
        vault = await session.vaults.get(str(ArmId.parse(vault_id)))
    except (AzureError, ValueError):
        return False
    return not vault["properties"].get("enableRbacAuthorization")
