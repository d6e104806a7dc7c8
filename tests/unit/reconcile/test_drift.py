"""What is done about drift: left alone, reported, corrected, contested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aci_operator.kinds.container_group.normal import COMPARED
from aci_operator.reconcile import drift
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.drift import Decision, Found
from aci_operator.reconcile.steps import Stall
from pass_builders import a_pass, a_ready, a_settled, an_object

KIND = "ResourceGroup"
NOW = datetime(2026, 1, 1, 0, 16, 40, tzinfo=UTC)
A = ("spec.a",)


def minutes_ago(*minutes: int) -> list[str]:
    times = (NOW - timedelta(minutes=m) for m in minutes)
    return [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in times]


def drifting(policy: dict[str, Any] | None = None, **noted: list[str]) -> Pass:
    """A settled object with those corrections of the last hours in its status."""
    listed = [{"path": f"spec.{name}", "at": at} for name, at in noted.items()]
    status = {"driftCorrections": listed}
    return a_pass(a_settled(KIND, spec={"operator": policy or {}}, status=status))


REPORT = {"driftPolicy": "Report"}
CORRECT = {"driftPolicy": "Correct"}


@pytest.mark.parametrize(
    ("policy", "found", "decision", "reported"),
    [
        ({}, Found(A), Decision(A, A), None),
        ({}, Found(A, default="Report"), Decision(), ["spec.a"]),
        (CORRECT, Found(A, default="Report"), Decision(A, A), None),
        (REPORT, Found(A), Decision(), ["spec.a"]),
        (REPORT, Found(A, edited=True), Decision(A), None),
        ({"ignoreDrift": ["a"]}, Found(A), Decision(), None),
        ({"ignoreDrift": ["a"]}, Found(A, edited=True), Decision(), None),
        ({"ignoreDrift": ["b"]}, Found(A), Decision(A, A), None),
    ],
)
async def test_the_policies_decide_what_is_written_and_what_is_reported(
    policy: dict[str, Any], found: Found, decision: Decision, reported: list[str] | None
) -> None:
    p = drifting(policy)
    assert (drift.decide(p, found), p.status.fields.get("drift")) == (decision, reported)


async def test_fields_that_restart_are_reported_while_tags_are_corrected() -> None:
    p = drifting()
    decision = drift.decide(p, Found(A, default="Report"), Found(("spec.tags.b",)))
    assert (decision.write, p.status.fields["drift"]) == (("spec.tags.b",), ["spec.a"])


@pytest.mark.parametrize(
    ("status", "reached"),
    [
        ({}, False),
        ({"conditions": [a_ready(type="Synced")]}, True),
        ({"conditions": [a_ready(type="Synced", observedGeneration=0)]}, False),
        ({"adopted": True}, True),
        ({"adopted": True, "conditions": [a_ready(type="Synced", observedGeneration=0)]}, False),
    ],
)
def test_a_generation_stays_reached_whatever_went_wrong_since(
    status: dict[str, Any], reached: bool
) -> None:
    assert drift.reached(a_pass(an_object(KIND, status=status))) is reached


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        ("tags", "spec.tags.env", True),
        ("tags.env", "spec.tags.env", True),
        ("spec.tags.env", "spec.tags.env", True),
        ("tags.env", "spec.tags.environment", False),
        ("containers[a]", "spec.containers[a].image", True),
        ("containers[*].image", "spec.containers[a].image", True),
        ("containers[a].image", "spec.containers[b].image", False),
        ("containers", "spec.containers[a].image", True),
        ("container", "spec.containers[a].image", False),
    ],
)
def test_a_path_is_ignored_exactly_or_from_its_beginning(
    pattern: str, path: str, ignored: bool
) -> None:
    left = drift.unignored(drifting({"ignoreDrift": [pattern]}), (path,))
    assert left == (() if ignored else (path,))


@pytest.mark.parametrize(
    ("pattern", "known"),
    [
        ("tags", True),
        ("tags.a.b/c", True),
        ("spec.osType", True),
        ("containers", True),
        ("containers[app]", True),
        ("containers[app].image", True),
        ("containers[*].environmentVariables[HOME]", True),
        ("containers[app].resources.limits.cpu", True),
        ("containers[app].livenessProbe.httpGet.path", True),
        ("volumes[files].azureFile", True),
        ("containers[app].colour", False),
        ("containers.image", False),
        ("osType.more", False),
        ("location", False),
        ("", False),
    ],
)
def test_paths_that_are_not_compared_are_unknown(pattern: str, known: bool) -> None:
    assert drift.unknown([pattern], COMPARED) == ([] if known else [pattern])


def test_unknown_paths_are_refused_by_name() -> None:
    with pytest.raises(Stall) as raised:
        drift.refuse_unknown(drifting({"ignoreDrift": ["tags", "size", "name"]}), ("tags.*",))
    assert (raised.value.reason, raised.value.message) == (
        "InvalidSpec",
        "spec.operator.ignoreDrift names size, name, which is not compared with Azure on a "
        "ResourceGroup. Known paths: tags.*.",
    )


def test_a_correction_is_noted_with_its_time_and_the_last_three_are_kept() -> None:
    p = drifting(a=minutes_ago(50, 40, 30), b=minutes_ago(90), c=minutes_ago(5))
    drift.corrected(p, A)
    assert p.status.fields["driftCorrections"] == [
        {"path": "spec.c", "at": minutes_ago(5)},
        {"path": "spec.a", "at": minutes_ago(40, 30, 0)},
    ]


def test_the_fourth_time_within_an_hour_is_contested() -> None:
    with pytest.raises(Stall) as raised:
        drift.decide(drifting(a=minutes_ago(59, 20, 10)), Found(A))
    assert (raised.value.reason, raised.value.message, raised.value.after) == (
        "DriftContested",
        "Somebody keeps changing spec.a: corrected 3 times within an hour, and changed again. It "
        "is left as it is for now. Find who writes it; or name it in spec.operator.ignoreDrift, or "
        "set spec.operator.driftPolicy to Report.",
        60.0,
    )


@pytest.mark.parametrize("times", [(61, 20, 10), (20, 10)])
def test_what_was_corrected_less_often_within_the_hour_is_corrected_again(
    times: tuple[int, ...],
) -> None:
    assert drift.decide(drifting(a=minutes_ago(*times)), Found(A)) == Decision(A, A)


def test_an_edit_and_other_paths_are_written_beside_what_is_contested() -> None:
    p = drifting(a=minutes_ago(30, 20, 10))
    decision = drift.decide(p, Found(("spec.a", "spec.b")), Found(("spec.c",), edited=True))
    assert decision == Decision(("spec.c", "spec.b"), ("spec.b",))


def test_a_new_generation_ends_the_contest() -> None:
    noted = {"driftCorrections": [{"path": "spec.a", "at": minutes_ago(30, 20, 10)}]}
    p = a_pass(a_settled(KIND, generation=2, status=noted))
    assert drift.decide(p, Found(A, edited=not drift.reached(p))) == Decision(A)
    assert "driftCorrections" not in p.status.fields


def test_no_more_paths_are_noted_than_the_crd_takes() -> None:
    p = drifting()
    drift.corrected(p, tuple(f"spec.{'x' * 300}{n}" for n in range(10, 35)))
    drift.corrected(p, tuple(f"spec.p{n}" for n in range(15)))
    noted = p.status.fields["driftCorrections"]
    assert (len(noted) <= 20, max(len(entry["path"]) for entry in noted) <= 256) == (True, True)
