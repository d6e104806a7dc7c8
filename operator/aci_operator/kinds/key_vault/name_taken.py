"""A vault's name is unique in the world, and a deleted vault keeps it: say which it is."""

from __future__ import annotations

from typing import Any

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent, Forbidden, Rejected
from aci_operator.kinds.key_vault import soft_deleted
from aci_operator.reconcile import authority
from aci_operator.reconcile.consequences import consequence
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Stall

IN_THE_BIN = "ConflictError"
"""Azure's code for a name that lies in soft-delete (azure.md 7.3)."""
TAKEN = ("VaultAlreadyExists", IN_THE_BIN)
"""And for one that is in use."""


async def settle(p: Pass, error: Rejected) -> Halt:
    """Give the Halt for a creation that was refused, after what the spec chooses about the name."""
    if error.code not in TAKEN:
        return consequence(error)
    unseen = ""
    try:
        deleted = await _find_deleted(p)
    except Absent:
        deleted = None
    except Forbidden as refusal:
        deleted, unseen = None, _unseen(refusal)
        if error.code == IN_THE_BIN and soft_deleted.choice(p) == "Recover":
            return await soft_deleted.recover(p)
    if deleted is not None:
        return await soft_deleted.settle(p, deleted)
    return Stall(
        reasons.NAME_UNAVAILABLE,
        f"spec.azureName {p.azure_name} is taken. Vault names are unique in the world, and a "
        f"deleted vault keeps its name. {unseen}Choose another one. Azure said: {error}",
        after=soft_deleted.RETRY,
    )


async def _find_deleted(p: Pass) -> dict[str, Any] | None:
    """Deleted vaults stand under the subscription, which not every account reaches."""
    subscription = p.session.subscription_id
    if not authority.covers(p, f"/subscriptions/{subscription}"):
        return None
    location = str(p.status.fields["location"])
    return await p.session.vaults.find_deleted(subscription, location, p.azure_name)


def _unseen(refusal: Forbidden) -> str:
    """Say what the account lacks: deleted vaults stand under the subscription, not in a group."""
    if not refusal.action:
        return "Whether it is a deleted one could not be seen. "
    return (
        "Whether it is a deleted one could not be seen: that takes a role with "
        f"{refusal.action} on {refusal.scope}. "
    )
