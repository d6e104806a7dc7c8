"""The grants that a group waits for, and what cannot be waited for.

These are what `spec.operator.waitFor` names, and the group's own entries of
`spec.operator.keyVaultAccess`: their objects are named by a hash that nobody knows beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP, USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import Reference
from aci_operator.kinds.container_group import inline_access
from aci_operator.reconcile import principals
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait

RETRY = 600.0
"""Seconds; only a change of the spec helps."""
AFTER_ACCESS = "AfterAccess"


def asked(p: Pass) -> bool:
    """Whether the containers are to start only when their access has effect."""
    return bool(p.object.policy.get("start") == AFTER_ACCESS)


def keys(group: Object) -> Iterator[Key]:
    """Give the keys of what a group waits for."""
    for _, key in _named(group):
        yield key


def _named(group: Object) -> Iterator[tuple[str, Key]]:
    """Give each grant with the field that names it."""
    if group.policy.get("start") != AFTER_ACCESS:
        return
    for place, entry in enumerate(group.policy.get("waitFor") or ()):
        key = Key(entry["kind"], group.key.namespace, entry["name"])
        yield f"spec.operator.waitFor[{place}]", key
    for key in sorted(inline_access.keys(group)):
        yield inline_access.FIELD, key


def grants(p: Pass, arm_id: str) -> list[Object]:
    """Find the grants. Raises Stall for one that is not to this group, Wait for one not there."""
    found = []
    for field, key in _named(p.started_as):
        grant = p.world.store.get(key)
        if grant is None or grant.deleting:
            state = "does not exist" if grant is None else "is being deleted"
            raise Wait(reasons.WAITING_FOR_ACCESS, f"{field} names {key}, which {state}.")
        if not to_system(p, grant, arm_id) and not _to_user(p, grant):
            raise _foreign(field, key)
        found.append(grant)
    if not found:
        raise Stall(
            reasons.INVALID_SPEC,
            "spec.operator.start is AfterAccess, and spec.operator.waitFor names no grant. List "
            "the KeyVaultAccess and RoleAssignment objects to wait for, or give the access by "
            "spec.operator.keyVaultAccess.",
            after=RETRY,
        )
    return found


def to_system(p: Pass, grant: Object, arm_id: str) -> bool:
    """Whether a grant is to the group's own system-assigned identity."""
    if "SystemAssigned" not in str((p.spec.get("identity") or {}).get("type")):
        return False
    ref = principals.reference(grant)
    if ref is None or ref.kind != CONTAINER_GROUP.kind:
        return False
    return ref.key(p.namespace) == p.object.key or str(ref.id).lower() == arm_id.lower()


def not_effective(found: list[Object], system: str | None) -> list[Object]:
    """Give those that have no effect yet, for the principal that the group has now."""
    return [grant for grant in found if not _effective(grant, system)]


def require(p: Pass, arm_id: str) -> None:
    """Raise what would keep a new group from being made, while the one before still runs."""
    if not asked(p):
        return
    found = grants(p, arm_id)
    if any(to_system(p, each, arm_id) for each in found):
        refuse_shape(p)
        return
    late = ", ".join(str(each.key) for each in not_effective(found, None))
    if late:
        message = f"The group is not replaced before these have effect: {late}."
        raise Wait(reasons.WAITING_FOR_ACCESS, message)


def refuse_shape(p: Pass) -> None:
    """Raise Stall where a placeholder cannot become the real group."""
    why = _unsound(p.spec)
    if why:
        raise Stall(
            reasons.START_NOT_SOUND,
            f"spec.operator.start: AfterAccess cannot be kept with a system-assigned identity: "
            f"{why}. Give the access to a user-assigned identity, or set start to Immediately. "
            "Nothing was written to Azure.",
            after=RETRY,
        )


def _unsound(spec: Mapping[str, Any]) -> str:
    if spec.get("sku") == "Confidential" or spec.get("confidentialComputeProperties"):
        return "the policy of a confidential group fits its own images alone"
    if spec.get("priority") == "Spot":
        return "a Spot group may be evicted between its placeholder and its start"
    if spec.get("osType") != "Linux":
        return "a placeholder image is known for spec.osType Linux alone"
    if spec.get("containerGroupProfile") or spec.get("standbyPoolProfile"):
        return "a profile or a pool says what runs"
    return ""


def _effective(grant: Object, system: str | None) -> bool:
    status = grant.status
    said = conditions.find(status, conditions.ACCESS_EFFECTIVE)
    current = said.get("observedGeneration") == grant.generation
    if not (current and said.get("status") == "True"):
        return False
    ref = principals.reference(grant)
    if ref is None or ref.kind != CONTAINER_GROUP.kind:
        return True
    return system is not None and str(status.get("principalId")).lower() == system.lower()


def _to_user(p: Pass, grant: Object) -> bool:
    """Whether a grant is to a user-assigned identity of the group: by name, by ID, or resolved."""
    ref = principals.reference(grant)
    if ref is None or ref.kind != USER_ASSIGNED_IDENTITY.kind:
        return False
    return not _called(p, ref).isdisjoint(
        name
        for place, entry in enumerate((p.spec.get("identity") or {}).get("userAssigned") or ())
        for name in _called(p, Reference.parse(f"[{place}]", ref.kind, entry))
    )


def _called(p: Pass, ref: Reference) -> set[str]:
    """Give by what an identity is known: its object's key, its ARM ID, or both."""
    key = ref.key(p.namespace)
    if key is None:
        return {str(ref.id).lower()}
    found = p.world.store.get(key)
    arm_id = str(found.status.get("id") or "").lower() if found is not None else ""
    return {str(key), arm_id} - {""}


def _foreign(field: str, key: Key) -> Stall:
    return Stall(
        reasons.INVALID_SPEC,
        f"{field} names {key}, which grants nothing to this group. Name a grant whose "
        "spec.principal is this group (containerGroupRef) with a system-assigned identity, or one "
        "of its user-assigned identities (userAssignedIdentityRef).",
        after=RETRY,
    )
