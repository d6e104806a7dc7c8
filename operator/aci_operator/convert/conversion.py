"""Convert the resources of one input."""

from __future__ import annotations

from . import assignments, grants, resources
from .index import GROUP, IDENTITY, KINDS, VAULT, Input
from .report import Report
from .template import Resource

_OTHERS = {
    "microsoft.keyvault/vaults/secrets": grants.secret,
    "microsoft.keyvault/vaults/accesspolicies": grants.policies,
    "microsoft.authorization/roleassignments": assignments.convert,
}
_ORDER = (IDENTITY, VAULT, "microsoft.keyvault/vaults/secrets", GROUP)


def convert(among: Input, report: Report) -> None:
    """Convert every resource; what has no kind of ours is refused by its type."""
    among.index(report)
    for resource in sorted(among.resources, key=_turn):
        type_ = resource.type.lower()
        if type_ in KINDS:
            resources.convert(resource, among, report)
            if type_ == VAULT:
                grants.policies_of_vault(resource, among, report)
        elif type_ in _OTHERS:
            _OTHERS[type_](resource, among, report)
        elif not _spent(resource, among):
            why = "no kind of this version stands for it; create it by other means"
            report.refuse(resource.label, "", why)


def _turn(resource: Resource) -> int:
    type_ = resource.type.lower()
    return _ORDER.index(type_) if type_ in _ORDER else len(_ORDER)


def _spent(resource: Resource, among: Input) -> bool:
    """Say whether a resource is needed no more: a network profile is told by its subnets."""
    return resource.type.lower() == "microsoft.network/networkprofiles"
