"""The one table from what went wrong with Azure to what the pass does about it."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.azure import errors
from aci_operator.reconcile.steps import Halt, Mood, Stall, Wait

CONFLICT_RETRY = 10.0
"""Seconds; azure.md 7.1 asks for ten or more while a group is transitioning. It grows, since a
write each ten seconds would use up the 300 of an hour."""
QUOTA_RETRY = 600.0
"""Seconds; a quota heals by others' doing (and a deletion of ours wakes who waits)."""
LABEL_RETRY = 300.0
"""Seconds; a label is freed by whoever has it."""
REJECTED_RETRY = 600.0
"""Seconds; only a change helps, but the environment may change unseen."""

REFUSED_RETRY = 3600.0
"""Seconds; what this Azure refuses it refuses for months."""
IMAGE_WAY_OUT = (
    "Check its name and tag, its entry in spec.imageRegistryCredentials, and that a pulling "
    "identity has AcrPull."
)

VERSION_WAY_OUT = (
    "This release speaks that version alone, for every field. Use a release that speaks one of "
    "those that this cloud and region serve, or wait until they serve it."
)

STOPPED = 60.0
"""Seconds; when writes are allowed again, whoever waits is woken besides."""


def consequence(error: errors.AzureError) -> Halt:
    """Say what a failed call means for the object whose pass made it."""
    text = f"{error} ({error.operation})" if error.operation else str(error)
    match error:
        case errors.Throttled():
            return _throttled(error)
        case errors.Conflict():
            after = max(error.after or 0, CONFLICT_RETRY)
            return Mood(reasons.CONFLICT, text, after=after, longest=300.0)
        case errors.Exhausted():
            return Wait(
                reasons.QUOTA_EXCEEDED,
                f"{text}. It is tried again every 10 min, and when another group of the region is "
                "deleted. Free some, or have the quota raised.",
                after=error.after or QUOTA_RETRY,
            )
        case errors.WritesStopped():
            return Wait(reasons.AZURE_WRITES_STOPPED, str(error), after=STOPPED, transient=True)
        case errors.Unavailable():
            return Wait(
                reasons.AZURE_UNAVAILABLE, text, after=error.after, backoff=True, transient=True
            )
        case _:
            return _mood(error, text) or _standing(error, text)


def _mood(error: errors.AzureError, text: str) -> Wait | None:
    """What may heal by itself: how often it is tried, and when a human is told."""
    match error:
        case errors.NoCapacity():
            told = f"{text}. It is tried again within 15 min. Another region or size may have room."
            return Mood(
                reasons.CAPACITY_UNAVAILABLE, told, after=30.0, longest=900.0, remind=3600.0
            )
        case errors.ImageInaccessible():
            told = f"{text}. It is tried again within 10 min. {IMAGE_WAY_OUT}"
            return Mood(
                reasons.IMAGE_INACCESSIBLE, told, after=10.0, longest=600.0, patience=1800.0
            )
        case errors.RegistryFailing():
            told = f"{text}. It is tried again within 10 min."
            return Mood(reasons.REGISTRY_UNAVAILABLE, told, after=30.0, longest=600.0)
        case errors.NotReplicated():
            return Mood(
                reasons.WAITING_FOR_PRINCIPAL, text, after=0.0, longest=300.0, patience=1800.0
            )
        case errors.LabelTaken():
            told = f"{text}. Choose another spec.ipAddress.dnsNameLabel, or wait until it is free."
            return Wait(reasons.DNS_LABEL_TAKEN, told, after=LABEL_RETRY)
    return None


def _standing(error: errors.AzureError, text: str) -> Halt:
    match error:
        case errors.Unauthenticated():
            return Stall(reasons.CREDENTIAL_REJECTED, f"{text}. Check the account's credential.")
        case errors.VersionNotServed():
            told = f"{text}. {VERSION_WAY_OUT}"
            return Stall(reasons.NEEDS_API_VERSION, told, after=REFUSED_RETRY)
        case errors.SubnetNotDelegated():
            told = f"{text}. Delegate it to Microsoft.ContainerInstance/containerGroups."
            return Stall(reasons.SUBNET_NOT_DELEGATED, told, after=REJECTED_RETRY)
        case errors.IdentityRefused():
            told = f"{text} Take spec.identity out, or use osType Linux."
            return Stall(reasons.IDENTITY_NOT_SUPPORTED_ON_WINDOWS, told, after=REFUSED_RETRY)
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
