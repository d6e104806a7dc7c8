"""A grant that is missing though it was given before."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import watch
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Stall
from pass_builders import a_pass, a_settled

GRANT = Grant("/vaults/v", "p-1", perms.parse({"secrets": ["get"]}))
GIVEN = {"granted": {"secrets": ["get"]}, "principalId": "p-1"}
TIMES = ["2026-01-01T00:10:00Z"] * 3


def access(policy: dict[str, Any], **status: Any) -> Pass:
    return a_pass(a_settled("KeyVaultAccess", spec={"operator": policy}, status=GIVEN | status))


REPORT = {"driftPolicy": "Report"}


@pytest.mark.parametrize(
    ("policy", "status", "missing", "nothing"),
    [
        ({}, {}, True, False),
        ({}, {}, False, False),
        (REPORT, {}, False, False),
        (REPORT, {"principalId": "p-0"}, True, False),  # a new principal is no drift
        (REPORT, {"granted": {}}, True, False),
        ({"ignoreDrift": ["permissions"]}, {}, True, True),
        ({"managementPolicy": "ObserveOnly"}, {}, False, True),
    ],
)
async def test_the_policies_say_whether_a_grant_may_be_written(
    policy: dict[str, Any], status: dict[str, Any], missing: bool, nothing: bool
) -> None:
    assert watch.only(access(policy, **status), GRANT, missing=missing) is nothing


@pytest.mark.parametrize(
    ("policy", "reason"),
    [(REPORT, "Drifted"), ({"managementPolicy": "ObserveOnly"}, "NotFound")],
)
async def test_a_grant_that_is_missing_and_stays_so_is_not_ready(
    policy: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Halt) as raised:
        watch.only(access(policy), GRANT, missing=True)
    assert raised.value.reason == reason


async def test_a_grant_that_somebody_keeps_taking_away_is_contested() -> None:
    p = access({}, driftCorrections=[{"path": "spec.permissions", "at": TIMES}])
    with pytest.raises(Stall) as raised:
        watch.only(p, GRANT, missing=True)
    assert raised.value.reason == "DriftContested"


async def test_giving_a_grant_again_is_noted_as_a_correction() -> None:
    p = access({})
    watch.restored(p, GRANT)
    noted = [{"path": "spec.permissions", "at": ["2026-01-01T00:16:40Z"]}]
    assert p.status.fields["driftCorrections"] == noted
