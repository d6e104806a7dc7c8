"""Identities that are used somewhere and not assigned to the group, or assigned twice. Pure.

Azure takes an identity for a registry, a key or a secret only if it is one of the group's own
user-assigned ones (azure.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aci_operator.api import reasons
from aci_operator.kinds.container_group import sources
from aci_operator.kinds.container_group.findings import Finding, Spec

_REASONS = {
    "spec.imageRegistryCredentials": reasons.REGISTRY_IDENTITY_NOT_ASSIGNED,
    "spec.encryptionProperties": reasons.ENCRYPTION_IDENTITY_NOT_ASSIGNED,
    "spec.secretReferences": reasons.SECRET_IDENTITY_NOT_ASSIGNED,
    "spec.identityAcls": reasons.ACL_IDENTITY_NOT_ASSIGNED,
}
_TEXT = (
    "{one} is not among spec.identity.userAssigned, and only an identity assigned to the group can "
    "be used here (its system identity cannot). Add it there, with a type that contains "
    "UserAssigned."
)
Ref = Mapping[str, Any]


def contradictions(spec: Spec) -> Iterator[Finding]:
    """Find what the names and IDs of the spec tell by themselves."""
    assigned = list((spec.get("identity") or {}).get("userAssigned") or ())
    for place, ref in enumerate(assigned):
        if any(_same(ref, other) for other in assigned[:place]):
            field = f"spec.identity.userAssigned[{place}]"
            yield Finding(reasons.DUPLICATE_IDENTITY, field, _twice(ref))
    for field, ref in sources.references(spec):
        if not _among(ref, assigned):
            yield Finding(_reason(field), field, _TEXT.format(one=_shown(ref)))


def resolved(arm_ids: Mapping[str, str], assigned: Sequence[str]) -> Iterator[Finding]:
    """Find what is told only once each reference has its ARM ID."""
    known = {id_.lower() for id_ in assigned}
    for field, arm_id in arm_ids.items():
        if arm_id.lower() not in known:
            yield Finding(_reason(field), field, _TEXT.format(one=arm_id))


def _among(ref: Ref, assigned: Sequence[Ref]) -> bool:
    """Whether it is there, or may be: a name and an ID may mean the same identity."""
    return any(_same(ref, other) or ("id" in ref) != ("id" in other) for other in assigned)


def _same(one: Ref, other: Ref) -> bool:
    if "id" in one and "id" in other:
        return bool(str(one["id"]).lower() == str(other["id"]).lower())
    return "name" in one and one.get("name") == other.get("name")


def _reason(field: str) -> str:
    return next(reason for start, reason in _REASONS.items() if field.startswith(start))


def _shown(ref: Ref) -> str:
    return str(ref.get("id") or ref.get("name"))


def _twice(ref: Ref) -> str:
    return f"{_shown(ref)} stands there twice; letter case makes no difference. Take one out."
