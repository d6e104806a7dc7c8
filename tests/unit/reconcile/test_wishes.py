"""What annotations ask for: to keep still, to look now, to look at a pace."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.kinds import RESOURCE_GROUP
from aci_operator.api.objects import Object
from aci_operator.engine.workers import Outcome
from aci_operator.kube import paths
from aci_operator.reconcile import observation, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.reconciler import Reconciler
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Stall
from pass_builders import ApiServer, a_pass, a_ready, a_settled, a_world, an_object

KIND = RESOURCE_GROUP.kind
PAUSED = {wishes.PAUSED: "true"}
ASKED = {wishes.REQUESTED: "10:00"}
NOW = "2026-01-01T00:16:40Z"
STILL = "The annotation aci-operator.io/paused is true: Azure is neither read nor written."
SAID = {"type": "Paused", "status": "True", "reason": "Paused", "lastTransitionTime": NOW}


async def run(object_: Object) -> tuple[Outcome, dict[str, Any], list[Pass]]:
    """Run one pass; give its outcome, the stored status, and the passes that the room had."""
    world = a_world(object_)
    had: list[Pass] = []

    async def work(p: Pass) -> None:
        had.append(p)

    room = Room(RESOURCE_GROUP, lambda _: frozenset(), lambda _: (), work, work)
    outcome = await Reconciler(world, {KIND: room})(object_.key)
    assert isinstance(world.kube, ApiServer)
    return outcome, world.kube.bodies[paths.of_object(object_.key)]["status"], had


async def test_a_paused_object_is_left_alone_and_keeps_its_summary() -> None:
    outcome, status, had = await run(a_settled(KIND, generation=2, annotations=PAUSED))
    said = {**SAID, "message": STILL, "observedGeneration": 2}
    assert (outcome, had) == (Outcome(), [])
    assert status == {"observedGeneration": 1, "conditions": [a_ready(), said]}


async def test_a_paused_object_that_nobody_has_looked_at_is_not_known_to_be_ready() -> None:
    _, status, _ = await run(an_object(KIND, annotations=PAUSED))
    told = [(c["type"], c["status"], c["reason"]) for c in status["conditions"]]
    assert (status["observedGeneration"], told) == (
        -1,
        [("Ready", "Unknown", "Paused"), ("Paused", "True", "Paused")],
    )


async def test_the_deletion_of_a_paused_object_waits_and_says_so() -> None:
    _, status, had = await run(a_settled(KIND, annotations=PAUSED, deletion_timestamp=NOW))
    waits = f"{STILL} The deletion waits until the annotation is taken away."
    assert (had, status["conditions"][-1]["message"]) == ([], waits)


@pytest.mark.parametrize("annotations", [{}, {wishes.PAUSED: "false"}, {wishes.PAUSED: "yes"}])
async def test_an_object_goes_on_when_the_annotation_is_not_true(annotations: Any) -> None:
    conditions = [a_ready(), {**a_ready(), **SAID, "message": STILL}]
    object_ = a_settled(KIND, annotations=annotations, status={"conditions": conditions})
    _, status, had = await run(object_)
    assert (len(had), [c["type"] for c in status["conditions"]]) == (1, ["Ready", "Synced"])


@pytest.mark.parametrize(
    ("annotations", "handled", "asked"),
    [({}, None, False), (ASKED, None, True), (ASKED, "10:00", False), (ASKED, "9:00", True)],
)
def test_a_look_is_asked_for_until_it_is_acknowledged(
    annotations: dict[str, str], handled: str | None, asked: bool
) -> None:
    status = {"lastHandledReconcileAt": handled}
    assert (
        wishes.requested(a_pass(a_settled(KIND, annotations=annotations, status=status))) is asked
    )


async def test_a_look_is_acknowledged_by_the_value_that_asked_for_it() -> None:
    _, status, _ = await run(a_settled(KIND, annotations={wishes.REQUESTED: "x" * 300}))
    assert status["lastHandledReconcileAt"] == "x" * 256


@pytest.mark.parametrize(
    ("annotation", "spec", "interval"),
    [
        (None, None, 600.0),
        (None, "2m", 120.0),
        ("30s", "2m", 30.0),
        ("0s", None, 1.0),
        ("100h", None, 86400.0),
    ],
)
def test_the_annotation_sets_the_pace_before_the_spec_does(
    annotation: str | None, spec: str | None, interval: float
) -> None:
    annotations = {} if annotation is None else {wishes.POLL_INTERVAL: annotation}
    policy = {} if spec is None else {"pollInterval": spec}
    p = a_pass(a_settled(KIND, annotations=annotations, spec={"operator": policy}))
    assert observation.poll_interval(p) == interval


def test_an_annotation_that_is_no_duration_is_refused_by_name() -> None:
    p = a_pass(an_object(KIND, annotations={wishes.POLL_INTERVAL: "soon"}))
    with pytest.raises(
        Stall, match=r"^The annotation aci-operator\.io/poll-interval: 'soon' is no "
    ):
        observation.poll_interval(p)
