"""KeyVaultAccess: grants that merge into a vault, by the vault's own permission model."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT, KEY_VAULT_ACCESS
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import Reference, keys
from aci_operator.azure.errors import Absent
from aci_operator.kinds.key_vault_access import (
    effective,
    policies,
    removal,
    role_table,
    roles,
)
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.kinds.key_vault_access.probe import Standing
from aci_operator.reconcile import account, observation, principals, probes, references, settling
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.principals import Principal
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Stall, Wait


def published(access: Object) -> Hashable:
    """Others need to know whether the grant stands, for whom, and whether it has effect."""
    ready = conditions.is_true(access.status, conditions.READY)
    effective_ = conditions.is_true(access.status, conditions.ACCESS_EFFECTIVE)
    return (ready, effective_, access.deleting, access.status.get("principalId"))


async def reconcile(p: Pass) -> None:
    """Bring the grant to the spec: what is missing is added first, what is too much goes then."""
    await account.resolve(p)
    vault_id = references.arm_id(p, _vault(p.started_as))
    _refuse_role(p)
    who = await _principal(p)
    references.resolved(p)
    p.status.set(vaultId=vault_id, principalId=who.id, principalSource=who.source)
    observation.poll_again(p)
    vault = await read_vault(p, vault_id)
    grant = Grant(vault_id, who.id, perms.parse(p.spec["permissions"]))
    mode = effective_mode(p, vault)
    p.status.set(effectiveMode=mode)
    await (p.release() if observes(p.object) else p.hold())
    if mode == "RBAC":
        await roles.ensure(p, grant, who.type)
    else:
        await policies.ensure(p, grant, vault)
    if not observes(p.object):
        await (policies.leave(p) if mode == "RBAC" else roles.leave(p))
    await effective.say(p, Standing(grant, mode, vault))
    _report(p, grant, mode)


async def read_vault(p: Pass, vault_id: str) -> Body:
    """Read the vault, from its group's sweep where that is enough. Raises Absent."""
    group_id = vault_id.split("/providers/")[0]
    vaults = p.session.vaults
    seen = await observation.observe(
        p, Reader(vault_id, vaults.get, group_id, vaults.list, "vaults")
    )
    return seen.body if seen.body is not None else await vaults.get(vault_id)


def effective_mode(p: Pass, vault: Body) -> str:
    """Give AccessPolicy or RBAC. Raises Stall for a mode that the vault would ignore."""
    model = "RBAC" if vault["properties"].get("enableRbacAuthorization") else "AccessPolicy"
    asked = p.spec.get("mode", "Auto")
    if asked in ("Auto", model):
        return model
    reason = reasons.VAULT_USES_RBAC if model == "RBAC" else reasons.VAULT_USES_POLICIES
    raise Stall(
        reason,
        f"spec.mode is {asked}, but the vault's permission model is {model}, so the grant would be "
        "ignored. Set spec.mode to Auto, or change the vault.",
    )


def _refuse_role(p: Pass) -> None:
    """Refuse a role that the account does not lend before Azure is asked, if the mode is known."""
    found = references.dependency(p, _vault(p.started_as))
    model = found.status.get("permissionModel") if found is not None else None
    asked = p.spec.get("mode", "Auto")
    if "RBAC" in (asked, model if asked == "Auto" else None):
        roles.require(p, perms.parse(p.spec["permissions"]))


async def _principal(p: Pass) -> Principal:
    """Find the principal; what a former one had from us goes, once that one is surely gone."""
    try:
        return await principals.resolve(p)
    except (Wait, Absent):
        if not observes(p.object) and await principals.vanished(p):
            await policies.leave(p)
            await roles.leave(p)
            settling.withdrawn(p)
            p.status.set(principalId=None, principalSource=None, granted=None)
        raise


def _report(p: Pass, grant: Grant, mode: str) -> None:
    chosen = role_table.covering(grant.permissions) if mode == "RBAC" else ()
    beyond = perms.dump(role_table.excess(chosen, grant.permissions)) if chosen else None
    p.status.set(granted=perms.dump(grant.permissions), excess=beyond)
    p.status.set(roles=[role.name for role in chosen])
    by = f" {roles.told(chosen, grant.permissions)}" if chosen else ""
    message = f"Principal {grant.principal_id} has {perms.words(grant.permissions)}{by}."
    p.status.say(conditions.ACCESS_GRANTED, "True", reasons.GRANTED, message)
    p.ready = (reasons.GRANTED, message)


def _vault(access: Object) -> Reference:
    return Reference.parse("spec.keyVaultRef", KEY_VAULT.kind, access.spec["keyVaultRef"])


def _references(access: Object) -> frozenset[Key]:
    whose, looked_from = principals.reference(access), probes.group_of(access)
    return keys(access.key.namespace, _vault(access), whose, looked_from)


ROOM = Room(
    kind=KEY_VAULT_ACCESS,
    references=_references,
    published=published,
    reconcile=reconcile,
    remove=removal.remove,
    compared=("permissions",),
)
