"""The table from Azure's words to consequences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aci_operator.azure import errors
from aci_operator.azure.classify import ROWS, kind_of
from aci_operator.azure.failures import Refusal, refused

RECORDED = json.loads(Path(__file__).with_name("recorded_errors.json").read_text())["answers"]
EXPECTED = {
    "ScopeLocked": errors.Rejected,
    "MissingSubscriptionRegistration": errors.Rejected,
    "AuthorizationFailed": errors.Forbidden,
    "PrincipalNotFound": errors.NotReplicated,
    "ResourceGroupNotFound": errors.Absent,
    "NetworkProfileNotFound": errors.Rejected,
    "Unauthorized": errors.Unauthenticated,
    "RoleAssignmentExists": errors.Rejected,
    "": errors.Rejected,
}
PARALLEL = (
    "A conflict occurred that prevented the operation from completing. The operation failed "
    "because the Key Vault 'n' changed from the point the operation began."
)
DELETED = "A vault with the same name already exists in deleted state."


@pytest.mark.parametrize("answer", RECORDED, ids=lambda a: f"{a['recording']}-{a['item']}")
def test_recorded_errors_have_their_consequence(answer: dict[str, Any]) -> None:
    error = refused(Refusal(answer["status"], answer["headers"], answer["body"]), "X")
    assert (type(error), error.status) == (EXPECTED[error.code], answer["status"])


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (409, "ServiceUnavailable", "not available in the location", errors.NoCapacity),
        (409, "ServiceUnavailable", "quota 'ContainerGroups' exceeded", errors.Exhausted),
        (503, "ServiceUnavailable", "", errors.Unavailable),
        (400, "ContainerGroupQuotaReached", "", errors.Exhausted),
        (409, "RegistryErrorResponse", "", errors.RegistryFailing),
        (409, "ContainerGroupTransitioning", "", errors.Conflict),
        (409, "ConflictError", PARALLEL, errors.Conflict),
        (409, "ConflictError", DELETED, errors.Rejected),
        (409, "VaultAlreadyExists", "", errors.Rejected),
        (400, "InaccessibleImage", "", errors.ImageInaccessible),
        (400, "FailedIdentityOperation", "Status: 'BadRequest'.", errors.NotReplicated),
        (409, "FailedIdentityOperation", "Status: 'Conflict'.", errors.Conflict),
        (400, "IdentityNotSupportedOnWindows", "", errors.IdentityRefused),
        (400, "SubnetMissingRequiredDelegation", "", errors.SubnetNotDelegated),
        (400, "NeverSeen", "needs the following delegation(s) [x]", errors.SubnetNotDelegated),
        (400, "NeverSeen", "not available. Try using a different label.", errors.LabelTaken),
        (403, "RequestDisallowedByPolicy", "", errors.Rejected),
        (404, "SubscriptionNotFound", "", errors.Rejected),
        (404, "resourcenotfound", "", errors.Absent),
        (429, "SomethingNew", "", errors.Throttled),
        (500, "InternalServerError", "", errors.Unavailable),
    ],
)
def test_a_code_decides_before_the_status(
    status: int, code: str, message: str, kind: type[errors.AzureError]
) -> None:
    assert kind_of(status, code, message) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.Unavailable),
        (400, errors.Rejected),
        (401, errors.Unauthenticated),
        (403, errors.Forbidden),
        (404, errors.Rejected),
        (408, errors.Unavailable),
        (409, errors.Conflict),
        (412, errors.Conflict),
        (502, errors.Unavailable),
    ],
)
def test_an_unknown_code_falls_back_to_its_status(
    status: int, kind: type[errors.AzureError]
) -> None:
    assert kind_of(status, "NeverSeen", "") is kind


def test_no_row_is_hidden_behind_an_earlier_one() -> None:
    seen: set[str] = set()
    hidden = []
    for row in ROWS:
        if row.code.lower() in seen:
            hidden.append(row.code)
        if not row.status and not row.phrase:
            seen.add(row.code.lower())
    assert hidden == []


def test_every_row_names_its_source() -> None:
    assert [row.code for row in ROWS if row.source[:2] not in ("7.", "10", "14")] == []
