"""From where a probe looks: a container that runs, and which of its group's identities to ask for.

Where nobody can look, the reason says whether that is for good (the settle time counts instead),
for now, or only until the group's placeholder runs, which stands for "not before it is proved".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.reconcile import authority, probes, references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Halt

FIELD = "spec.probe.containerGroupRef"
_ENDED = ("Stopped", "Succeeded", "Failed")
_SETTLED = ("Succeeded", "Failed")


@dataclass(frozen=True)
class Vantage:
    """A container by the ARM ID of its group; `client_id` and `object_id` choose an identity, both
    empty mean the system-assigned one; `started` tells one run of the container from the next."""

    group_id: str
    container: str
    client_id: str = ""
    object_id: str = ""
    started: str = ""


class Nowhere(Exception):
    """Nobody can look now. `how`: `never` for what a spec says, `later`, or `held` while a
    placeholder is to prove the access."""

    def __init__(self, how: Literal["never", "later", "held"], why: str) -> None:
        super().__init__(why)
        self.how = how
        self.why = why


def find(p: Pass, principal_id: str) -> Vantage:
    """Find where to look for a principal. Raises Nowhere."""
    if not p.allows_exec:
        raise Nowhere("never", "the account does not have spec.allowExec.")
    if observes(p.object):
        raise Nowhere("never", "spec.operator.managementPolicy is ObserveOnly.")
    if {"get", "all"}.isdisjoint(p.spec["permissions"].get("secrets") or ()):
        raise Nowhere("never", "spec.permissions.secrets lacks get, without which none is read.")
    ref = probes.group_of(p.started_as)
    assert ref is not None
    container = str(p.spec["probe"]["container"])
    key = ref.key(p.namespace)
    if key is None:
        _refuse_lent(p, f"{FIELD} names a group by ARM ID")
        return Vantage(_id(p, ref), container, object_id=principal_id)
    group = p.world.store.get(key)
    if group is None:
        raise Nowhere("later", f"{key} does not exist.")
    return _of(p, group, container, principal_id)


def _of(p: Pass, group: Object, container: str, principal_id: str) -> Vantage:
    _refuse(group, container)
    if observes(group):
        _refuse_lent(p, f"{group.key} is only observed")
    group_id = str(group.status.get("id") or "")
    if not group_id:
        raise Nowhere("later", f"{group.key} is not made yet.")
    try:
        authority.require_scope(p, FIELD, group_id)
    except Halt as error:
        raise Nowhere("never", error.message) from None
    view = _view(group, container)
    if group.status.get("provisioningState") not in _SETTLED:
        how: Literal["held", "later"] = "held" if group.status.get("placeholder") else "later"
        raise Nowhere(how, f"{group.key} does not run yet.")
    if group.status.get("state") in _ENDED or view.get("state") == "Terminated":
        raise Nowhere("later", f"container {container} of {group.key} does not run.")
    chosen = _identity(group, principal_id)
    return Vantage(group_id, container, *chosen, started=str(view.get("startTime") or ""))


def _refuse_lent(p: Pass, what: str) -> None:
    """Raise Nowhere under a lent account: what it runs is run in the namespace's own groups, not in
    those of others who share `allowedScopes`."""
    if p.limits is not None:
        why = f"{what}, and a ClusterAzureAccount runs probes in groups of the namespace alone."
        raise Nowhere("never", why)


def _refuse(group: Object, container: str) -> None:
    """Raise Nowhere for what no waiting changes."""
    if group.spec.get("osType") == "Windows":
        why = (
            f"{group.key} runs Windows, where this version has no probe (docs/windows.md shows how "
            "to look by hand)."
        )
        raise Nowhere("never", why)
    if all(each["name"] != container for each in group.spec.get("containers") or ()):
        raise Nowhere(
            "never", f"{group.key} has no container {container} (init containers have no identity)."
        )


def _view(group: Object, container: str) -> dict[str, object]:
    views = group.status.get("containers") or ()
    return next((dict(each) for each in views if each.get("name") == container), {})


def _identity(group: Object, principal_id: str) -> tuple[str, str]:
    """Give client ID and object ID to ask for: none for the system-assigned identity, the client
    ID of a user-assigned one, as the article does; who is not known is named by object ID."""
    identity = group.status.get("identity") or {}
    if str(identity.get("principalId", "")).lower() == principal_id.lower():
        return "", ""
    for each in identity.get("userAssigned") or ():
        if str(each.get("principalId", "")).lower() == principal_id.lower():
            return str(each.get("clientId") or ""), "" if each.get("clientId") else principal_id
    return "", principal_id


def _id(p: Pass, ref: Reference) -> str:
    try:
        return references.arm_id(p, ref)
    except Halt as error:
        raise Nowhere("never", error.message) from None
