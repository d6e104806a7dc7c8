"""A vault's name is unique in the world, and a deleted vault keeps it: say which it is."""

from __future__ import annotations

from typing import Any

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent, Forbidden, Rejected
from aci_operator.reconcile import authority
from aci_operator.reconcile.consequences import consequence
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Stall

TAKEN = ("VaultAlreadyExists", "ConflictError")
"""Azure's codes for a name that is in use or lies in soft-delete (azure.md 7.3)."""
RETRY = 300.0
"""Seconds: a try costs three requests, and at most one a minute is allowed."""


def refuse_unsupported(p: Pass) -> None:
    """Only `softDeleted: Fail` is carried out in this version."""
    choice = p.spec.get("softDeleted", "Fail")
    if choice != "Fail":
        raise Stall(
            reasons.NOT_SUPPORTED,
            f"spec.softDeleted: {choice} is not supported in this version (supported: Fail).",
        )


async def explain(p: Pass, location: str, error: Rejected) -> Halt:
    """Give the Halt for a creation that was refused, with what can be learnt about the name."""
    if error.code not in TAKEN:
        return consequence(error)
    unseen = ""
    try:
        deleted = await _find_deleted(p, location)
    except Absent:
        deleted = None
    except Forbidden as refusal:
        deleted, unseen = None, _unseen(refusal)
    if deleted is None:
        return Stall(
            reasons.NAME_UNAVAILABLE,
            f"spec.azureName {p.azure_name} is taken. Vault names are unique in the world, and a "
            f"deleted vault keeps its name. {unseen}Choose another one. Azure said: {error}",
            after=RETRY,
        )
    return Stall(reasons.VAULT_SOFT_DELETED, _in_the_bin(p, deleted["properties"]), after=RETRY)


async def _find_deleted(p: Pass, location: str) -> dict[str, Any] | None:
    """Deleted vaults stand under the subscription, which not every account reaches."""
    subscription = p.session.subscription_id
    if not authority.covers(p, f"/subscriptions/{subscription}"):
        return None
    return await p.session.vaults.find_deleted(subscription, location, p.azure_name)


def _unseen(refusal: Forbidden) -> str:
    """Say what the account lacks: deleted vaults stand under the subscription, not in a group."""
    if not refusal.action:
        return "Whether it is a deleted one could not be seen. "
    return (
        "Whether it is a deleted one could not be seen: that takes a role with "
        f"{refusal.action} on {refusal.scope}. "
    )


def _in_the_bin(p: Pass, properties: dict[str, object]) -> str:
    protected = "on" if properties.get("purgeProtectionEnabled") else "off"
    return (
        f"A deleted vault still holds spec.azureName {p.azure_name}: deleted "
        f"{properties.get('deletionDate')}, purged by Azure on "
        f"{properties.get('scheduledPurgeDate')}, purge protection {protected}. Recover it "
        f"(az keyvault recover --name {p.azure_name}), purge it (az keyvault purge --name "
        f"{p.azure_name}), or choose another name."
    )
