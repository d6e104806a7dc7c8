"""The operator's own right to write secrets into the vaults that it made."""

from __future__ import annotations

from aci_operator.azure import ids
from aci_operator.azure.errors import Absent
from aci_operator.kinds.key_vault.body import (
    OPERATOR_SECRET_PERMISSIONS,
    entry_of,
    permission_model,
)
from aci_operator.reconcile import authority, observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body

SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
"""Key Vault Secrets Officer (azure.md 10.2): the smallest built-in role that may set secrets.

It includes get, which the operator does not want and never uses; the docs say so.
"""


def require(p: Pass) -> None:
    """Raise Stall before Azure is asked, if the account does not lend the role that is needed."""
    if p.spec["permissionModel"] == "RBAC":
        _require_role(p)


def _require_role(p: Pass) -> None:
    authority.require_role(
        p, "The operator's own access to the vault", SECRETS_OFFICER, "Key Vault Secrets Officer"
    )


async def ensure(p: Pass, vault_id: str, body: Body) -> None:
    """Report the operator's access, after giving it to it: once for each principal and model.

    On an access-policy vault the entry stands in the PUT that created the vault; it is added where
    the vault took roles before.
    Raises AzureErrors, among them Forbidden for an account that may not assign roles.
    """
    principal_id = await p.session.principal_id()
    granted = (p.status.fields.get("operatorAccess") or {}).get("principalId")
    model = permission_model(body["properties"])
    if granted != principal_id or p.object.status.get("permissionModel") != model:
        p.status.set(operatorAccess=None)  # until it is given: what fails is tried again
        await _give(p, vault_id, model, body)
    p.status.set(operatorAccess={"principalId": principal_id})


async def prepare(p: Pass, vault_id: str, body: Body) -> None:
    """Give the operator access under the model that the vault is about to switch to.

    Before the switch, so that an account which may not give it changes nothing and is not shut
    out: a vault keeps policies under roles, and roles under policies, and goes by the one or the
    other (azure.md section 10.1). What it has under the old model goes later (`former_access`).
    """
    await _give(p, vault_id, p.spec["permissionModel"], body)


async def _give(p: Pass, vault_id: str, model: str, body: Body) -> None:
    principal_id = await p.session.principal_id()
    if model == "RBAC":
        await _assign(p, vault_id, principal_id)
    elif not _is_in(body, principal_id):
        await _let_in(p, vault_id, principal_id)


async def _let_in(p: Pass, vault_id: str, principal_id: str) -> None:
    """Add what the operator needs to its entry in the access policies, unless it is there."""
    async with p.world.locks.of(vault_id):
        vault = await p.session.vaults.get(vault_id)
        if _is_in(vault, principal_id):
            return
        entry = entry_of(vault["properties"]["tenantId"], principal_id)
        await p.session.vaults.add_policies(vault_id, [entry])
        observation.wrote(p, vault_id)


def _is_in(vault: Body, principal_id: str) -> bool:
    """Whether the policies give the principal all that the operator needs, whoever wrote them."""
    listed = vault["properties"].get("accessPolicies") or ()
    mine = [each for each in listed if str(each["objectId"]).lower() == principal_id.lower()]
    words = {
        str(word).lower()
        for each in mine
        if not each.get("applicationId")
        for word in (each.get("permissions") or {}).get("secrets") or ()
    }
    return "all" in words or words >= set(OPERATOR_SECRET_PERMISSIONS)


async def _assign(p: Pass, vault_id: str, principal_id: str) -> None:
    _require_role(p)
    assignment_id = assignment_of(p, vault_id, principal_id)
    try:
        await p.session.role_assignments.get(assignment_id)
    except Absent:
        properties = {
            "roleDefinitionId": _role_id(p),
            "principalId": principal_id,
            "principalType": "ServicePrincipal",
            "description": _description(p),
        }
        await p.session.role_assignments.put(assignment_id, {"properties": properties})


def assignment_of(p: Pass, vault_id: str, principal_id: str) -> str:
    """Give the ARM ID of the operator's own role assignment on a vault."""
    name = ids.role_assignment_name(vault_id, principal_id, _role_id(p))
    return str(ids.role_assignment_id(vault_id, name))


def wrote(p: Pass, assignment: Body) -> bool:
    """Say whether this object gave the operator that assignment: its description tells."""
    return bool(assignment["properties"].get("description") == _description(p))


def _role_id(p: Pass) -> str:
    return str(ids.role_definition_id(p.session.subscription_id, SECRETS_OFFICER))


def _description(p: Pass) -> str:
    return f"{p.owner}: the operator writes this vault's secrets"
