"""From inside which container group a grant's probe looks."""

from __future__ import annotations

from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference


def group_of(grant: Object) -> Reference | None:
    """Give the reference to the group; None for a grant without `spec.probe`."""
    if "probe" not in grant.spec:
        return None
    value = grant.spec["probe"]["containerGroupRef"]
    return Reference.parse("spec.probe.containerGroupRef", CONTAINER_GROUP.kind, value)
