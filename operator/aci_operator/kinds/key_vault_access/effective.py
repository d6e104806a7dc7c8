"""Whether a grant on a vault has effect, by the vault's model and its firewall."""

from __future__ import annotations

from functools import partial

from aci_operator.api import conditions
from aci_operator.kinds.key_vault_access import firewall, probe
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.outcome import Settle
from aci_operator.kinds.key_vault_access.probe import Standing
from aci_operator.reconcile import settling
from aci_operator.reconcile.context import Pass


async def say(p: Pass, standing: Standing) -> None:
    """Say `AccessEffective`, before status says that this grant stands; a probe is asked if due."""
    pace = p.world.pace
    seconds = pace.settle_rbac if standing.mode == "RBAC" else pace.settle_policy
    told = partial(firewall.told, p, standing.vault)
    settle = Settle(seconds, _stood(p, standing), told)
    if "probe" in p.spec:
        await probe.say(p, standing, settle)
    else:
        settling.say(p, settle.seconds, stood=settle.stood, told=settle.told())


def _stood(p: Pass, standing: Standing) -> bool:
    """Whether status, as last written, says that at least this grant stood.

    A write announces itself first (AccessGranted: False), so that a crash right after it is not
    taken for a grant that has stood since.
    """
    status, grant = p.object.status, standing.grant
    where = (status.get("vaultId"), status.get("principalId"), status.get("effectiveMode"))
    here = (grant.vault_id, grant.principal_id, standing.mode)
    more = perms.minus(grant.permissions, perms.parse(status.get("granted")))
    given = conditions.is_true(status, conditions.ACCESS_GRANTED)
    return where == here and given and perms.empty(more)
