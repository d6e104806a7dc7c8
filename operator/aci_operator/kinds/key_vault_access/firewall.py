"""A vault's firewall, which refuses whoever comes from elsewhere, whatever was granted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.reconcile import principals
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body

HINT = " The vault's firewall may refuse the caller all the same."


def told(p: Pass, vault: Body) -> str:
    """Give what to say of the firewall, empty if nothing; the first time a Warning event too.

    What it does with a request is known from the vault alone: where a request comes from is seen
    for a group of ours in a subnet, and for no other (azure.md section 10.2, ForbiddenByFirewall).
    """
    if not may_block(vault, tuple(_subnets(p))):
        return ""
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    if HINT not in str(before.get("message")):
        message = (
            "The vault's networkAcls.defaultAction is Deny, or its publicNetworkAccess Disabled, "
            "and no rule of it is known to let the principal's group in. Put the group in a subnet "
            "and that subnet in networkAcls.virtualNetworkRules."
        )
        p.event(reasons.VAULT_FIREWALL_MAY_BLOCK, message, type_="Warning")
    return HINT


def may_block(vault: Body, subnets: tuple[str, ...]) -> bool:
    """Whether a caller from these subnets (ARM IDs; none: from anywhere) may be refused. Pure."""
    properties = vault["properties"]
    if str(properties.get("publicNetworkAccess") or "").lower() == "disabled":
        return True
    rules: dict[str, Any] = properties.get("networkAcls") or {}
    if str(rules.get("defaultAction") or "Allow").lower() == "allow":
        return False
    let_in = {str(rule["id"]).lower() for rule in rules.get("virtualNetworkRules") or ()}
    return not any(subnet.lower() in let_in for subnet in subnets)


def _subnets(p: Pass) -> Iterator[str]:
    """Give the subnets of the group whose identity the principal is, if it is one of ours."""
    ref = principals.reference(p.started_as)
    key = ref.key(p.namespace) if ref is not None else None
    group = p.world.store.get(key) if key is not None else None
    if group is None or group.key.kind != CONTAINER_GROUP.kind:
        return
    for each in group.spec.get("subnetIds") or ():
        if each.get("id"):
            yield str(each["id"])
