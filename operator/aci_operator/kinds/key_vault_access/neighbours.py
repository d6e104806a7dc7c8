"""The other grants on the same vault.

An object that is only just being made may count on what a going one takes back in the same
moment, before its own record says so. It is woken and looks again.
"""

from __future__ import annotations

from aci_operator.api.kinds import KEY_VAULT_ACCESS
from aci_operator.azure import ids
from aci_operator.reconcile.context import Pass


def wake(p: Pass, vault_id: str) -> None:
    """Have every living grant on that vault looked at again."""
    for other in p.world.store.of_kind(KEY_VAULT_ACCESS.kind):
        here = ids.same(other.status.get("vaultId", ""), vault_id)
        if here and other.key != p.object.key and not other.deleting:
            p.world.wake(other.key)
