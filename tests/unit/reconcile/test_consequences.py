"""What each way for a call to fail means for the object: one row each."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from aci_operator.azure import errors
from aci_operator.azure.errors import AzureError
from aci_operator.reconcile.consequences import IMAGE_WAY_OUT, VERSION_WAY_OUT, consequence
from aci_operator.reconcile.steps import Halt, Mood, Stall, Wait

SAID: dict[str, Any] = {"code": "Code", "operation": "PUT /x"}
TEXT = "Code: Azure's words (PUT /x)"


def told(halt: Halt) -> tuple[Any, ...]:
    """Give a Halt as a value: type, reason, message and when to look again."""
    if isinstance(halt, Mood):
        pace = (halt.after, halt.longest, halt.patience, halt.remind)
        return (Mood, halt.reason, halt.message, *pace)
    if isinstance(halt, Wait):
        return (Wait, halt.reason, halt.message, halt.after, halt.backoff, halt.transient)
    assert isinstance(halt, Stall)
    return (Stall, halt.reason, halt.message, halt.after)


def failed(type_: type[AzureError], after: float | None = None, **more: str) -> AzureError:
    error = type_("Azure's words", after=after, **SAID)
    vars(error).update(more)
    return error


ROOM = (
    ". It is tried again every 10 min, and when another group of the region is deleted. Free some, "
    "or have the quota raised."
)
PLACE = ". It is tried again within 15 min. Another region or size may have room."
SOON = ". It is tried again within 10 min."
LABEL = ". Choose another spec.ipAddress.dnsNameLabel, or wait until it is free."
ROLE = "Give the account a role with act on"
TABLE: list[tuple[AzureError, tuple[Any, ...]]] = [
    (failed(errors.Conflict), (Mood, "Conflict", TEXT, 10.0, 300.0, inf, inf)),
    (failed(errors.Conflict, 3.0), (Mood, "Conflict", TEXT, 10.0, 300.0, inf, inf)),
    (failed(errors.Conflict, 30.0), (Mood, "Conflict", TEXT, 30.0, 300.0, inf, inf)),
    (failed(errors.NotReplicated), (Mood, "WaitingForPrincipal", TEXT, 0.0, 300.0, 1800.0, inf)),
    (failed(errors.Exhausted), (Wait, "QuotaExceeded", f"{TEXT}{ROOM}", 600.0, False, False)),
    (failed(errors.Exhausted, 90.0), (Wait, "QuotaExceeded", f"{TEXT}{ROOM}", 90.0, False, False)),
    (
        failed(errors.NoCapacity),
        (Mood, "CapacityUnavailable", f"{TEXT}{PLACE}", 30.0, 900.0, inf, 3600.0),
    ),
    (
        failed(errors.ImageInaccessible),
        (
            Mood,
            "ImageInaccessible",
            f"{TEXT}{SOON} {IMAGE_WAY_OUT}",
            10.0,
            600.0,
            1800.0,
            inf,
        ),
    ),
    (
        failed(errors.RegistryFailing),
        (Mood, "RegistryUnavailable", f"{TEXT}{SOON}", 30.0, 600.0, inf, inf),
    ),
    (failed(errors.LabelTaken), (Wait, "DnsLabelTaken", f"{TEXT}{LABEL}", 300.0, False, False)),
    (
        failed(errors.VersionNotServed),
        (Stall, "NeedsApiVersion", f"{TEXT}. {VERSION_WAY_OUT}", 3600.0),
    ),
    (
        failed(errors.SubnetNotDelegated),
        (
            Stall,
            "SubnetNotDelegated",
            f"{TEXT}. Delegate it to Microsoft.ContainerInstance/containerGroups.",
            600.0,
        ),
    ),
    (
        failed(errors.IdentityRefused),
        (
            Stall,
            "IdentityNotSupportedOnWindows",
            f"{TEXT} Take spec.identity out, or use osType Linux.",
            3600.0,
        ),
    ),
    (failed(errors.Unavailable), (Wait, "AzureUnavailable", TEXT, None, True, True)),
    (failed(errors.Unavailable, 7.0), (Wait, "AzureUnavailable", TEXT, 7.0, True, True)),
    (
        failed(errors.WritesStopped),
        (Wait, "AzureWritesStopped", "Code: Azure's words", 60.0, False, True),
    ),
    (failed(errors.Absent), (Wait, "WaitingForReference", TEXT, 60.0, False, False)),
    (failed(errors.Rejected), (Stall, "RejectedByAzure", TEXT, 600.0)),
    (
        failed(errors.Unauthenticated),
        (Stall, "CredentialRejected", f"{TEXT}. Check the account's credential.", 60.0),
    ),
    (
        failed(errors.Forbidden),
        (Stall, "Forbidden", f"{TEXT}. Give the account the missing right.", 60.0),
    ),
    (
        failed(errors.Forbidden, action="act"),
        (Stall, "Forbidden", f"{TEXT}. {ROLE} the resource.", 60.0),
    ),
    (
        failed(errors.Forbidden, action="act", scope="/s"),
        (Stall, "Forbidden", f"{TEXT}. {ROLE} /s.", 60.0),
    ),
    (failed(AzureError), (Stall, "RejectedByAzure", TEXT, 600.0)),
]


@pytest.mark.parametrize(("error", "halt"), TABLE, ids=lambda value: type(value).__name__)
def test_a_failure_has_its_consequence(error: AzureError, halt: tuple[Any, ...]) -> None:
    assert told(consequence(error)) == halt


@pytest.mark.parametrize(
    ("after", "minutes"), [(1.0, 1), (60.0, 1), (100.0, 2), (600.0, 10), (3599.0, 60)]
)
def test_throttling_waits_as_long_as_azure_asks_and_says_so_in_minutes(
    after: float, minutes: int
) -> None:
    text = f"Azure asked to wait; the next try is in about {minutes} min (Code)."
    halt = consequence(failed(errors.Throttled, after))
    assert told(halt) == (Wait, "Throttled", text, after, False, True)


def test_every_failure_that_there_is_has_a_row() -> None:
    rows = {type(error) for error, _ in TABLE} - {AzureError}
    typed = {*AzureError.__subclasses__(), *errors.Rejected.__subclasses__()}
    assert rows == typed - {errors.Throttled}


def test_a_failure_before_any_call_names_none() -> None:
    assert consequence(errors.Rejected("No such thing")).message == "No such thing"


@pytest.mark.parametrize("asked", [0.0, 59.0, 60.0, 61.0])
def test_a_stalled_object_makes_at_most_one_request_a_minute(asked: float) -> None:
    assert Stall("Any", "", after=asked).after == max(asked, 60.0)
