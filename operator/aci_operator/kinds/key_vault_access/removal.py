"""Taking grants back: what status says that we added, and nothing else."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.kinds.key_vault_access import policies, roles
from aci_operator.reconcile import account
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import deletes


async def remove(p: Pass) -> None:
    """Take back what no other object of ours wants; then let the object go."""
    p.world.probed.pop(p.object.uid, None)
    if not p.object.held:
        return
    granted = p.object.status.get("accessPolicies") or p.object.status.get("assignmentIds")
    if not deletes(p, default="Delete"):
        p.event(reasons.RETAINED, "The grant stays in Azure, as the deletion policy says.")
    elif granted:
        await account.resolve_stored(p)
        await policies.leave(p)
        await roles.leave(p)
    await p.release()
