"""From a reference in a spec to the object or the ARM ID that it means."""

from __future__ import annotations

from collections.abc import Iterable

from aci_operator.api import conditions, reasons
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.azure.ids import ArmId
from aci_operator.reconcile import authority
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait


def dependency(p: Pass, reference: Reference, *, needs: str = "id") -> Object | None:
    """Give the object that a reference by name means; None for a reference by ID.

    `needs` is the status field that the caller is going to use. Raises Wait, which a wake-up
    ends, while the object is missing, going away, or has not come so far; an object that was
    ready once keeps serving those that already use it. Raises Stall for one whose resource the
    account does not reach: it may have been made with another account.
    """
    found = _found(p, reference, needs)
    if found is not None and found.status.get("id"):
        authority.require_scope(p, reference.field, str(found.status["id"]))
    return found


def _found(p: Pass, reference: Reference, needs: str) -> Object | None:
    key = reference.key(p.namespace)
    if key is None:
        return None
    found = p.world.store.get(key)
    if found is None:
        raise waiting(p, f"{reference.field} names {key}, which does not exist. Create it.")
    if p.settled and found.status.get(needs):
        return found
    if found.deleting:
        raise waiting(p, f"{reference.field} names {key}, which is being deleted.")
    if not conditions.is_true(found.status, conditions.READY) or not found.status.get(needs):
        ready = conditions.find(found.status, conditions.READY)
        cause = ready.get("message") or "it has not been looked at yet."
        raise waiting(p, f"{reference.field} names {key}, which is not ready: {cause}")
    return found


def arm_id(p: Pass, reference: Reference) -> str:
    """Give the ARM ID that a reference means, as written there. Raises as `dependency` does."""
    if reference.id is not None:
        authority.require_scope(p, reference.field, reference.id)
        return well_formed(reference.field, reference.id)
    found = dependency(p, reference)
    assert found is not None
    return str(found.status["id"])


def well_formed(field: str, text: str) -> str:
    """Refuse an ARM ID that cannot be parsed, by its field."""
    try:
        ArmId.parse(text)
    except ValueError as error:
        raise Stall(reasons.INVALID_SPEC, f"{field} is no ARM ID: {error}.") from None
    return text


def resolved(p: Pass) -> None:
    """Say that nothing is missing."""
    p.status.say(
        conditions.REFERENCES_RESOLVED, "True", reasons.RESOLVED, "All references are resolved."
    )


def users_of(p: Pass, kinds: Iterable[str]) -> list[Object]:
    """List the objects of these kinds that refer to this pass's object."""
    wanted = set(kinds)
    keys = [key for key in p.world.store.referrers(p.object.key) if key.kind in wanted]
    found = (p.world.store.get(key) for key in sorted(keys))
    return [object_ for object_ in found if object_ is not None]


def waiting(p: Pass, message: str) -> Wait:
    """Say that a reference is not resolved; give the Wait that a wake-up ends."""
    p.status.say(conditions.REFERENCES_RESOLVED, "False", reasons.WAITING_FOR_REFERENCE, message)
    return Wait(reasons.WAITING_FOR_REFERENCE, message)
