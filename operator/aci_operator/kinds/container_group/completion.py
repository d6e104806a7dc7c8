"""A run-once group that ended well is never written again for its generation (design 3.4)."""

from __future__ import annotations

from aci_operator.api import conditions
from aci_operator.kinds.container_group import restart
from aci_operator.reconcile.context import Pass

WHY = "is not obeyed, since a run-once group that has ended is not run again for its generation"


def completed(p: Pass) -> bool:
    """Whether the group ended well in this generation, whatever has been said of it since."""
    said = conditions.find(p.started_as.status, conditions.COMPLETED)
    ended = said.get("status") == "True"
    return ended and said.get("observedGeneration") == p.generation


def leave(p: Pass) -> bool:
    """Whether the group is to be left alone, also by whoever asks for a restart."""
    if not completed(p):
        return False
    restart.decline(p, WHY)
    return True


def stay(p: Pass) -> None:
    """Say of a group that is gone what was said when it had ended."""
    said = conditions.find(p.started_as.status, conditions.COMPLETED)
    p.ready = (said["reason"], said["message"])
