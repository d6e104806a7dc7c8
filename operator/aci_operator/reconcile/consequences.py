"""The one table from what went wrong with Azure to what the pass does about it."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.azure import errors
from aci_operator.reconcile.steps import Halt, Stall, Wait

CONFLICT_RETRY = 10.0
"""Seconds; azure.md 7.1 asks for ten or more while a group is transitioning."""
QUOTA_RETRY = 600.0
"""Seconds; quota and capacity heal by others' doing."""
REJECTED_RETRY = 600.0
"""Seconds; only a change helps, but the environment may change unseen."""

STOPPED = 60.0
"""Seconds; when writes are allowed again, whoever waits is woken besides."""


def consequence(error: errors.AzureError) -> Halt:
    """Say what a failed call means for the object whose pass made it."""
    text = f"{error} ({error.operation})" if error.operation else str(error)
    match error:
        case errors.Throttled():
            return _throttled(error)
        case errors.Conflict():
            return Wait(reasons.CONFLICT, text, after=max(error.after or 0, CONFLICT_RETRY))
        case errors.NotReplicated():
            return Wait(reasons.WAITING_FOR_PRINCIPAL, text, backoff=True)
        case errors.Exhausted():
            return Wait(reasons.QUOTA_EXCEEDED, text, after=error.after or QUOTA_RETRY)
        case errors.WritesStopped():
            return Wait(reasons.AZURE_WRITES_STOPPED, str(error), after=STOPPED, transient=True)
        case errors.Unavailable():
            return Wait(
                reasons.AZURE_UNAVAILABLE, text, after=error.after, backoff=True, transient=True
            )
        case _:
            return _standing(error, text)


def _standing(error: errors.AzureError, text: str) -> Halt:
    match error:
        case errors.Unauthenticated():
            return Stall(reasons.CREDENTIAL_REJECTED, f"{text}. Check the account's credential.")
        case errors.Forbidden():
            return Stall(reasons.FORBIDDEN, _forbidden(error, text))
        case errors.Absent():
            return Wait(reasons.WAITING_FOR_REFERENCE, text, after=60.0)
        case _:
            return Stall(reasons.REJECTED_BY_AZURE, text, after=REJECTED_RETRY)


def _throttled(error: errors.Throttled) -> Wait:
    after = error.after or 60.0
    minutes = max(1, round(after / 60))
    message = f"Azure asked to wait; the next try is in about {minutes} min ({error.code})."
    return Wait(reasons.THROTTLED, message, after=after, transient=True)


def _forbidden(error: errors.Forbidden, text: str) -> str:
    if not error.action:
        return f"{text}. Give the account the missing right."
    return (
        f"{text}. Give the account a role with {error.action} on {error.scope or 'the resource'}."
    )
