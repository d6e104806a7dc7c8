"""Telling the programs inside which identity is theirs: `spec.operator.injectIdentity`.

A token request without a selector fails where several user-assigned identities are there, and
takes the system identity where that is there too (azure.md section 13); so the program has to name
one. Its SDKs read AZURE_CLIENT_ID. Windows' endpoint takes a `principalId` instead (the article).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.kinds import USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.kinds.container_group.findings import Finding, Spec
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall

SWITCH, CHOICE = "spec.operator.injectIdentity", "spec.operator.injectIdentityRef"
CLIENT_ID, PRINCIPAL_ID = "AZURE_CLIENT_ID", "AZURE_PRINCIPAL_ID"
"""The first is the SDKs' own name; for the second there is none, so it is ours."""
Ref = Mapping[str, Any]


def variable(spec: Spec) -> str:
    """Name the variable that is injected."""
    return PRINCIPAL_ID if spec.get("osType") == "Windows" else CLIENT_ID


def contradictions(spec: Spec) -> Iterator[Finding]:
    """Find an injection without an identity, or with several and no choice among them."""
    if not _asked(spec):
        return
    if (spec.get("identity") or {}).get("type", "None") == "None":
        text = "the group has no identity. Give it one in spec.identity, or leave this out."
        yield Finding(reasons.INVALID_SPEC, SWITCH, text)
    assigned = _assigned(spec)
    if len(assigned) > 1 and _choice(spec) is None and _takers(spec):
        text = (
            f"the group has {len(assigned)} user-assigned identities. Say in {CHOICE} which one "
            f"the containers use, or give each container its own {variable(spec)}."
        )
        yield Finding(reasons.AMBIGUOUS_IDENTITY, SWITCH, text)


def chosen(spec: Spec) -> Ref | None:
    """Give the user-assigned identity that the containers are told; None without one."""
    assigned = _assigned(spec)
    if not _asked(spec) or not assigned:
        return None
    return _choice(spec) or (assigned[0] if len(assigned) == 1 else None)


def reference(group: Object) -> Reference | None:
    """Give the reference to the identity that the containers are told."""
    ref = chosen(group.spec)
    if ref is None:
        return None
    field = CHOICE if _choice(group.spec) else "spec.identity.userAssigned[0]"
    return Reference.parse(field, USER_ASSIGNED_IDENTITY.kind, ref)


async def resolve(p: Pass, assigned: Sequence[str]) -> dict[str, str]:
    """Give the variables to inject; `assigned` are the ARM IDs of the group's own identities.

    From our object, else from what the group itself shows, else by a GET. Raises Wait or Stall by
    field, and AzureErrors.
    """
    ref = reference(p.started_as)
    if ref is None or not _takers(p.spec):
        return {}
    arm_id = references.arm_id(p, ref)
    if arm_id.lower() not in {each.lower() for each in assigned}:
        raise Stall(
            reasons.INJECTED_IDENTITY_NOT_ASSIGNED,
            f"{ref.field}: {arm_id} is not among spec.identity.userAssigned. Add it there, or "
            "choose one that is.",
        )
    field = "principalId" if variable(p.spec) == PRINCIPAL_ID else "clientId"
    return {variable(p.spec): await _value(p, ref, arm_id, field)}


def injected(container: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """Give a container of the body with the variables that it does not have by itself. Pure."""
    properties = container["properties"]
    own = list(properties.get("environmentVariables") or ())
    taken = {each["name"] for each in own}
    new = [{"name": n, "value": v} for n, v in variables.items() if n not in taken]
    if not new:
        return container
    return {**container, "properties": {**properties, "environmentVariables": [*own, *new]}}


async def _value(p: Pass, ref: Reference, arm_id: str, field: str) -> str:
    ours = references.dependency(p, ref, needs=field)
    if ours is not None:
        return str(ours.status[field])
    shown = (p.object.status.get("identity") or {}).get("userAssigned") or ()
    for each in shown:
        if str(each.get("id", "")).lower() == arm_id.lower() and each.get(field):
            return str(each[field])
    return str((await p.session.identities.get(arm_id))["properties"][field])


def _asked(spec: Spec) -> bool:
    return bool((spec.get("operator") or {}).get("injectIdentity"))


def _choice(spec: Spec) -> Ref | None:
    found: Ref | None = (spec.get("operator") or {}).get("injectIdentityRef")
    return found


def _assigned(spec: Spec) -> list[Ref]:
    return list((spec.get("identity") or {}).get("userAssigned") or ())


def _takers(spec: Spec) -> list[str]:
    """List the containers that do not set the variable themselves."""
    name = variable(spec)
    return [
        each["name"]
        for each in spec.get("containers") or ()
        if name not in {one["name"] for one in each.get("environmentVariables") or ()}
    ]
