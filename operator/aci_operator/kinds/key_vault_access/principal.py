"""Whose access it is: from a container group, an identity, or a raw principal ID."""

from __future__ import annotations

from dataclasses import dataclass

from aci_operator.api.kinds import CONTAINER_GROUP, USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Wait

_GROUP = "containerGroupRef"
_IDENTITY = "userAssignedIdentityRef"


@dataclass(frozen=True)
class Principal:
    """A resolved principal; `type` is Azure's principalType."""

    id: str
    type: str


def reference(access: Object) -> Reference | None:
    """Give the object that the principal belongs to; None for a raw principal ID."""
    principal = access.spec["principal"]
    for field, kind in ((_GROUP, CONTAINER_GROUP), (_IDENTITY, USER_ASSIGNED_IDENTITY)):
        if field in principal:
            return Reference.parse(f"spec.principal.{field}", kind.kind, principal[field])
    return None


async def resolve(p: Pass) -> Principal:
    """Find the principal. Raises Wait while its owner has none yet, AzureErrors for IDs."""
    ref = reference(p.started_as)
    if ref is None:
        raw = p.spec["principal"]
        return Principal(raw["principalId"], raw["principalType"])
    if ref.kind == CONTAINER_GROUP.kind:
        return Principal(await _of_group(p, ref), "ServicePrincipal")
    return Principal(await _of_identity(p, ref), "ServicePrincipal")


async def _of_identity(p: Pass, ref: Reference) -> str:
    found = references.dependency(p, ref, needs="principalId")
    if found is not None:
        return str(found.status["principalId"])
    body = await p.session.identities.get(references.arm_id(p, ref))
    return str(body["properties"]["principalId"])


async def _of_group(p: Pass, ref: Reference) -> str:
    """Read the system identity: it is known from the group's first answer, long before Ready."""
    key = ref.key(p.namespace)
    if key is None:
        body = await p.session.container_groups.get(references.arm_id(p, ref))
        principal_id = (body.get("identity") or {}).get("principalId")
        if principal_id:
            return str(principal_id)
        raise _without_identity(p, ref, str(ref.id))
    group = p.world.store.get(key)
    if group is None:
        raise references.waiting(p, f"{ref.field} names {key}, which does not exist. Create it.")
    if group.deleting and not p.settled:
        raise references.waiting(p, f"{ref.field} names {key}, which is being deleted.")
    principal_id = (group.status.get("identity") or {}).get("principalId")
    if principal_id:
        return str(principal_id)
    if "SystemAssigned" not in (group.spec.get("identity") or {}).get("type", ""):
        raise _without_identity(p, ref, str(key))
    raise references.waiting(
        p, f"{ref.field} names {key}, whose system-assigned identity does not exist yet."
    )


def _without_identity(p: Pass, ref: Reference, which: str) -> Wait:
    return references.waiting(
        p,
        f"{ref.field} names {which}, which has no system-assigned identity. Set its identity.type "
        "to SystemAssigned, or name the user-assigned identity here.",
    )
