"""What the role is given on: an object of ours, or any ARM ID."""

from __future__ import annotations

from aci_operator.api.kinds import (
    CONTAINER_GROUP,
    KEY_VAULT,
    RESOURCE_GROUP,
    USER_ASSIGNED_IDENTITY,
)
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.reconcile import authority, references
from aci_operator.reconcile.context import Pass

_FIELDS = {
    "resourceGroupRef": RESOURCE_GROUP,
    "keyVaultRef": KEY_VAULT,
    "userAssignedIdentityRef": USER_ASSIGNED_IDENTITY,
    "containerGroupRef": CONTAINER_GROUP,
}


def reference(assignment: Object) -> Reference | None:
    """Give the object that is the scope; None for a scope by ARM ID."""
    given = assignment.spec["scope"]
    for field, kind in _FIELDS.items():
        if field in given:
            return Reference.parse(f"spec.scope.{field}", kind.kind, given[field])
    return None


def resolve(p: Pass) -> str:
    """Give the scope's ARM ID. Raises Wait while its object has none, Stall where it may not be."""
    ref = reference(p.started_as)
    if ref is not None:
        return references.arm_id(p, ref)
    given = str(p.spec["scope"]["id"])
    authority.require_scope(p, "spec.scope.id", given)
    return references.well_formed("spec.scope.id", given).rstrip("/")
