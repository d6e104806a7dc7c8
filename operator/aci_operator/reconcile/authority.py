"""What an object may reach with a ClusterAzureAccount: refused here before Azure is asked.

An AzureAccount is the namespace's own, and Azure alone says what it may do; so nothing is checked
for objects that act with one.
"""

from __future__ import annotations

from typing import Any

from aci_operator.api import reasons
from aci_operator.api.limits import arm_ids, shown
from aci_operator.azure.ids import ArmId
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall

STORED = ("id", "vaultId")
"""Fields of status that hold an ARM ID which a deletion goes by."""


def require_namespace(p: Pass) -> None:
    """Raise Stall/NamespaceNotAllowed unless the account lists the object's namespace."""
    limits = p.limits
    if limits is None or limits.lend_to(p.namespace):
        return
    raise Stall(
        reasons.NAMESPACE_NOT_ALLOWED,
        f"{_account(p)} does not list namespace {p.namespace} in spec.allowedNamespaces. Ask "
        "whoever keeps the account to list it, or create an AzureAccount in the namespace.",
    )


def require_scope(p: Pass, field: str, arm_id: str) -> None:
    """Raise Stall/ScopeNotAllowed for an ARM ID outside the account's scopes.

    `field` says where the ID stands, for the message. What is no ARM ID is Stall/InvalidSpec.
    """
    limits = p.limits
    if limits is None:
        return
    try:
        ArmId.parse(arm_id)
    except ValueError as error:
        raise Stall(reasons.INVALID_SPEC, f"{field} is no ARM ID: {error}.") from None
    if limits.cover(arm_id):
        return
    raise Stall(
        reasons.SCOPE_NOT_ALLOWED,
        f"{field} is {arm_id}, and {_account(p)} allows {shown(limits.scopes)} "
        "(spec.allowedScopes). Name what lies there, or ask whoever keeps the account.",
    )


def require_body(p: Pass, field: str, body: Any) -> None:
    """Raise as `require_scope` does for the first ARM ID of a resolved body that lies outside."""
    if p.limits is None:
        return
    for path, arm_id in arm_ids(body, field):
        require_scope(p, path, arm_id)


def require_role(p: Pass, field: str, guid: str, name: str) -> None:
    """Raise Stall/RoleNotAllowed for a role that the account does not lend.

    `guid` and `name` are those of a built-in role; `field` says what asks for it.
    """
    limits = p.limits
    if limits is None or limits.allow_role(guid, name):
        return
    raise Stall(
        reasons.ROLE_NOT_ALLOWED,
        f"{field} needs the role {name} ({guid}), and {_account(p)} allows "
        f"{shown(limits.roles)} (spec.allowedRoles). Ask for less, or ask whoever keeps the "
        "account.",
    )


def require_name(p: Pass, field: str, name: str) -> None:
    """Raise Stall/RoleNotAllowed for a role whose GUID is not known yet, if no look-up can help:
    its name is not listed, and no role is listed by its GUID."""
    limits = p.limits
    if limits is None or limits.may_allow_role(name):
        return
    raise Stall(
        reasons.ROLE_NOT_ALLOWED,
        f"{field} needs the role {name}, and {_account(p)} allows {shown(limits.roles)} "
        "(spec.allowedRoles). Ask for less, or ask whoever keeps the account.",
    )


def require_stored(p: Pass) -> None:
    """Check what a deletion goes by: the ARM IDs that status holds."""
    for field in STORED:
        arm_id = p.object.status.get(field)
        if arm_id:
            require_scope(p, f"status.{field}", str(arm_id))


def covers(p: Pass, scope: str) -> bool:
    """Whether the account may be used to read all of a scope, as a sweep does."""
    return p.limits is None or p.limits.cover(scope)


def _account(p: Pass) -> str:
    return f"ClusterAzureAccount {(p.status.fields.get('accountRef') or {}).get('name', '')}"
