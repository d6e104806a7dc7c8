"""What people ask of the operator by annotations: to keep still, to look now, to look at a pace."""

from __future__ import annotations

from aci_operator.api import conditions, reasons
from aci_operator.api.objects import GROUP, Object
from aci_operator.reconcile.context import Pass

PAUSED = f"{GROUP}/paused"
REQUESTED = f"{GROUP}/reconcile-requested-at"
POLL_INTERVAL = f"{GROUP}/poll-interval"
VALUE_LIMIT = 256
"""Characters of an acknowledged value that status keeps, as the CRDs say."""


def paused(object_: Object) -> bool:
    """Whether the object is to be left alone; only the word `true` says so."""
    return object_.annotations.get(PAUSED) == "true"


def requested(p: Pass) -> bool:
    """Whether somebody asked for a direct look that has not been given yet."""
    wanted = _wanted(p.started_as)
    return bool(wanted) and wanted != p.started_as.status.get("lastHandledReconcileAt")


def acknowledge(p: Pass) -> None:
    """Say which request this pass has answered, whatever it found."""
    if requested(p):
        p.status.set(lastHandledReconcileAt=_wanted(p.started_as))


def stand_still(p: Pass) -> None:
    """Say that the object is paused; all else that status says stays as it was."""
    message = f"The annotation {PAUSED} is true: Azure is neither read nor written."
    if p.object.deleting:
        message += " The deletion waits until the annotation is taken away."
    p.status.freeze()
    if not conditions.find(p.started_as.status, conditions.READY):
        p.status.say(conditions.READY, "Unknown", reasons.PAUSED, message)
    if conditions.find(p.started_as.status, conditions.PAUSED).get("message") != message:
        p.event(reasons.PAUSED, message)
    p.status.say(conditions.PAUSED, "True", reasons.PAUSED, message)


def go_on(p: Pass) -> None:
    """Take back that the object was paused."""
    if conditions.find(p.started_as.status, conditions.PAUSED):
        p.status.unsay(conditions.PAUSED)
        p.event(reasons.RESUMED, f"The annotation {PAUSED} is gone: the object is looked at again.")


def _wanted(object_: Object) -> str:
    return object_.annotations.get(REQUESTED, "")[:VALUE_LIMIT]
