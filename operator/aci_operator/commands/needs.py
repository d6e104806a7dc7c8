"""Which rights in Azure the objects of an account ask for, and where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aci_operator.api.kinds import (
    CONTAINER_GROUP,
    KEY_VAULT,
    KEY_VAULT_ACCESS,
    KEY_VAULT_SECRET,
    RESOURCE_GROUP,
    ROLE_ASSIGNMENT,
    USER_ASSIGNED_IDENTITY,
)
from aci_operator.api.objects import Object
from aci_operator.azure import built_in_roles
from aci_operator.azure.ids import ArmId
from aci_operator.commands import actions
from aci_operator.commands.scopes import acts_with, group_of, named, place_of, scopes_of

KIND_OF_SCOPE = {
    "resourceGroupRef": RESOURCE_GROUP.kind,
    "keyVaultRef": KEY_VAULT.kind,
    "userAssignedIdentityRef": USER_ASSIGNED_IDENTITY.kind,
    "containerGroupRef": CONTAINER_GROUP.kind,
}
RBAC, ACCESS_POLICY = "RBAC", "AccessPolicy"


@dataclass(frozen=True)
class Need:
    """Actions at one scope. `data`: of the vault itself, for vaults that go by roles."""

    scope: str
    actions: tuple[str, ...]
    data: bool = False


def needs_of(account: Object, objects: Iterable[Object]) -> list[Need]:
    """List what the account needs for the objects that act with it, and for nothing else."""
    mine = [each for each in objects if acts_with(each, account)]
    places = [Need(scope, actions.NEEDED) for scope in scopes_of(account, mine)]
    return _once(
        [
            *places,
            *_of_groups(account, mine),
            *_of_deleted_vaults(account, mine),
            *_of_grants(account, mine),
            *_of_secrets(mine),
            *_of_probes(account, mine),
            *_of_subnets(mine),
        ]
    )


def _of_groups(account: Object, mine: Iterable[Object]) -> Iterator[Need]:
    if any(each.key.kind == RESOURCE_GROUP.kind and not _only_observed(each) for each in mine):
        yield Need(f"/subscriptions/{account.spec['subscriptionId']}", actions.GROUPS)


def _of_deleted_vaults(account: Object, mine: Iterable[Object]) -> Iterator[Need]:
    """A deleted vault is recovered without being seen; a purge has to see it, and to be allowed."""
    for each in mine:
        purges = each.spec.get("softDeleted") == "PurgeThenCreate"
        if each.key.kind == KEY_VAULT.kind and purges and not _only_observed(each):
            yield Need(f"/subscriptions/{account.spec['subscriptionId']}", actions.PURGE)


def _of_grants(account: Object, mine: list[Object]) -> Iterator[Need]:
    """Access to a vault takes policies or roles; which is known once the object was looked at."""
    for each in mine:
        if _only_observed(each):
            continue
        if each.key.kind == KEY_VAULT_ACCESS.kind:
            mode = str(each.status.get("effectiveMode") or "")
            yield from _grant(_place_of_access(each, account, mine), mode)
        elif each.key.kind == ROLE_ASSIGNMENT.kind:
            yield from _role(each, account, mine)
        elif each.key.kind == KEY_VAULT.kind:
            yield from _own_access(each, place_of(each, account, mine))


def _own_access(vault: Object, place: str) -> Iterator[Need]:
    """The operator gives itself access to the vault's secrets, and takes a former one away."""
    if vault.status.get("formerAccess"):
        yield from _grant(place, "")
    elif vault.spec.get("permissionModel", RBAC) == RBAC:
        yield from _grant(place, RBAC)


def _role(assignment: Object, account: Object, mine: Iterable[Object]) -> Iterator[Need]:
    """A role is given at its scope, and looked up there where we do not know its name."""
    scope = assignment.status.get("scope") or _scope(assignment, account, mine)
    if not scope:
        return
    yield Need(str(scope), actions.ROLES)
    name = assignment.spec.get("roleName")
    if name and built_in_roles.named(name) is None:
        yield Need(str(scope), actions.NAMES)


def _scope(assignment: Object, account: Object, mine: Iterable[Object]) -> str:
    """Give the ARM ID of the scope, or the resource group that its object will be in."""
    for field, given in (assignment.spec.get("scope") or {}).items():
        if field == "id":
            return str(given)
        if given.get("id"):
            return str(given["id"])
        kind = KIND_OF_SCOPE[field]
        found = named(kind, assignment.key.namespace, given.get("name"), mine)
        return place_of(found, account, mine) if found is not None else ""
    return ""


def _grant(group: str, mode: str) -> Iterator[Need]:
    if group and mode != RBAC:
        yield Need(group, actions.POLICIES)
    if group and mode != ACCESS_POLICY:
        yield Need(group, actions.ROLES)


def _of_secrets(mine: list[Object]) -> Iterator[Need]:
    """On vaults that others made the operator has only what it was given."""
    for each in mine:
        vault = str((each.spec.get("keyVaultRef") or {}).get("id") or "")
        if each.key.kind == KEY_VAULT_SECRET.kind and group_of(vault) and not _only_observed(each):
            yield Need(str(ArmId.parse(vault)), actions.SECRETS, data=True)


def _place_of_access(access: Object, account: Object, mine: Iterable[Object]) -> str:
    """Give the resource group of the vault."""
    ref = access.spec.get("keyVaultRef") or {}
    known = access.status.get("vaultId") or ref.get("id")
    if known:
        return group_of(str(known))
    vault = named(KEY_VAULT.kind, access.key.namespace, ref.get("name"), mine)
    return place_of(vault, account, mine) if vault is not None else ""


def _of_probes(account: Object, mine: list[Object]) -> Iterator[Need]:
    """A probe runs in a container, where the account allows that."""
    for each in mine if account.spec.get("allowExec") else ():
        ref = (each.spec.get("probe") or {}).get("containerGroupRef") or {}
        group = named(CONTAINER_GROUP.kind, each.key.namespace, ref.get("name"), mine)
        place = place_of(group, account, mine) if group else group_of(str(ref.get("id") or ""))
        if each.key.kind == KEY_VAULT_ACCESS.kind and place and not _only_observed(each):
            yield Need(place, actions.EXEC)


def _of_subnets(mine: list[Object]) -> Iterator[Need]:
    """A group joins its subnets, which mostly stand in somebody else's resource group."""
    for each in mine:
        listed = each.spec.get("subnetIds") or () if not _only_observed(each) else ()
        for subnet in listed:
            if group_of(str(subnet["id"])):
                yield Need(str(ArmId.parse(subnet["id"])), actions.JOIN)


def _only_observed(each: Object) -> bool:
    policy = (each.spec.get("operator") or {}).get("managementPolicy")
    return bool(policy == "ObserveOnly")


def _once(needs: Iterable[Need]) -> list[Need]:
    return list({(need.scope.lower(), need.actions): need for need in needs}.values())
