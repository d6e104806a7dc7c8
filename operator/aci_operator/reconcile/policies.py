"""What `spec.operator` asks for."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.api.durations import seconds
from aci_operator.api.objects import Object
from aci_operator.reconcile import wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall

LONGEST_POLL = 86400.0
"""Seconds; the CRDs allow no more either."""


def deletes(p: Pass, *, default: str) -> bool:
    """Whether the Azure resource goes with the object; by default what was adopted stays."""
    kept = "Retain" if p.object.status.get("adopted") else default
    return bool(p.object.policy.get("deletionPolicy", kept) == "Delete")


def adopts(object_: Object) -> bool:
    """Whether the object takes over what is there and nobody's."""
    return bool(object_.policy.get("adoptionPolicy") == "Adopt")


def observes(object_: Object) -> bool:
    """Whether the object only looks: no write to Azure, no finalizer, no claim."""
    return bool(object_.policy.get("managementPolicy") == "ObserveOnly")


def interval(p: Pass, field: str, default: float) -> float:
    """Give an interval of spec.operator in seconds, at least one; else the setting's default.

    Raises Stall for what is no duration; the CRD refuses that too, but not every client does.
    """
    text = p.object.policy.get(field)
    return default if text is None else _duration(text, f"spec.operator.{field}")


def poll_wish(p: Pass) -> float | None:
    """Give the object's own poll interval in seconds: the annotation's, else the spec's.

    Raises Stall for what is no duration; no schema looks at annotations.
    """
    text = p.object.annotations.get(wishes.POLL_INTERVAL)
    if text is not None:
        wish = _duration(text, f"The annotation {wishes.POLL_INTERVAL}")
        return min(wish, LONGEST_POLL)
    spec: str | None = p.object.policy.get("pollInterval")
    return None if spec is None else _duration(spec, "spec.operator.pollInterval")


def _duration(text: str, source: str) -> float:
    try:
        return max(seconds(text), 1.0)
    except ValueError as error:
        raise Stall(reasons.INVALID_SPEC, f"{source}: {error}.") from None
