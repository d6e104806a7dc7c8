"""Which role is meant: a built-in one by its name, any by its ID, a custom one by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aci_operator.api import reasons
from aci_operator.azure import built_in_roles, ids
from aci_operator.azure.ids import ArmId
from aci_operator.reconcile import authority
from aci_operator.reconcile.assignments import guid
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall

ALWAYS = float("-inf")
"""A name's role stays what it was found to be, for as long as the operator runs."""


@dataclass(frozen=True)
class Role:
    """A role: its definition's ARM ID, and how to speak of it."""

    id: str
    name: str


async def resolve(p: Pass, scope: str) -> Role:
    """Find the role, and make sure that the account lends it, before Azure is asked to give it.

    Built-in names that we know always mean the built-in role; other names are looked up once at
    the scope. Raises Stall for a role that is not lent, not there, or not the only one.
    """
    given = p.spec.get("roleDefinitionId")
    if given:
        built_in = built_in_roles.with_guid(guid(given))
        name = built_in.name if built_in else guid(given)
        _require(p, "spec.roleDefinitionId", guid(given), name)
        return Role(given if given.startswith("/") else _id(p, scope, given), name)
    name = str(p.spec["roleName"])
    built_in = built_in_roles.named(name)
    if built_in is not None:
        _require(p, "spec.roleName", built_in.guid, built_in.name)
        return Role(_id(p, scope, built_in.guid), built_in.name)
    return await _looked_up(p, scope, name)


def forget(p: Pass, scope: str) -> None:
    """Look the name up again next time: Azure does not know the role that it was."""
    p.world.sweeps.forget(_key(p, scope, str(p.spec.get("roleName"))))


async def _looked_up(p: Pass, scope: str, name: str) -> Role:
    if not observes(p.object):
        authority.require_name(p, "spec.roleName", name)

    async def fetch() -> Mapping[str, Body]:
        listed = await p.session.role_definitions.named(scope, name)
        return {str(each["name"]): each for each in listed}

    key = _key(p, scope, name)
    found = (await p.world.sweeps.read(key, ALWAYS, fetch)).items
    if len(found) != 1:
        p.world.sweeps.forget(key)
        raise _not_one(scope, name, list(found))
    (only,) = found
    _require(p, "spec.roleName", only, name)
    return Role(_id(p, scope, only), name)


def _require(p: Pass, field: str, guid: str, name: str) -> None:
    if not observes(p.object):
        authority.require_role(p, field, guid, name)


def _key(p: Pass, scope: str, name: str) -> tuple[str, ...]:
    return ("role", p.session.tenant_id, p.session.client_id, scope.lower(), name.lower())


def _id(p: Pass, scope: str, guid: str) -> str:
    """Write a role's ID as seen from the scope; a management group has no subscription."""
    subscription = ArmId.parse(scope).subscription
    if subscription:
        return str(ids.role_definition_id(subscription, guid))
    return f"/providers/Microsoft.Authorization/roleDefinitions/{guid}"


def _not_one(scope: str, name: str, found: list[str]) -> Stall:
    if found:
        return Stall(
            reasons.ROLE_NOT_FOUND,
            f"spec.roleName {name} names several roles ({', '.join(sorted(found)[:5])}). Write "
            "spec.roleDefinitionId in its place.",
        )
    return Stall(
        reasons.ROLE_NOT_FOUND,
        f"spec.roleName {name} is no role that can be assigned at {scope}. Correct the name, or "
        "make the role assignable there.",
    )
