"""How a pass ends: what is said, what is written, when the next one is due.

The rooms here are the smallest that there can be: they end in the way that a test is about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from aci_operator.api.kinds import RESOURCE_GROUP
from aci_operator.api.objects import Object
from aci_operator.azure.errors import AzureError, Rejected, Throttled, Unavailable
from aci_operator.engine.queue import Share
from aci_operator.engine.workers import Outcome
from aci_operator.kube import paths
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.reconciler import Reconciler
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Halt, Stall, Wait
from pass_builders import ApiServer, a_ready, a_settled, a_world, an_object

KIND = RESOURCE_GROUP.kind
NOW = "2026-01-01T00:16:40Z"
Work = Callable[[Pass], Awaitable[None]]


@dataclass
class Ended:
    """What one pass left behind."""

    outcome: Outcome
    status: dict[str, Any]
    events: list[tuple[str, str, str]] = field(default_factory=list)
    writes: int = 0

    def said(self, *types: str) -> list[tuple[str, str, str]]:
        """Give status, reason and message of the conditions of those types."""
        found = {condition["type"]: condition for condition in self.status["conditions"]}
        return [(c["status"], c["reason"], c["message"]) for t in types if (c := found.get(t))]


async def run(object_: Object, work: Work) -> Ended:
    """Run one pass with a room that does that work."""
    world = a_world(object_)
    server = world.kube
    assert isinstance(server, ApiServer)
    room = Room(RESOURCE_GROUP, lambda _: frozenset(), lambda _: (), work, work)
    world.recorder.start()
    outcome = await Reconciler(world, {KIND: room})(object_.key)
    await world.recorder.close()
    body = server.bodies.get(paths.of_object(object_.key)) or {}
    return Ended(outcome, body.get("status") or {}, server.events, len(server.writes))


async def well(p: Pass) -> None:
    p.ready = ("Available", "It was there.")


def ending(error: Halt | AzureError) -> Work:
    async def work(p: Pass) -> None:
        raise error

    return work


async def test_a_pass_that_ends_well_is_ready_and_in_sync() -> None:
    ended = await run(an_object(KIND), well)
    synced = {"type": "Synced", "reason": "InSync", "message": "Azure is as the spec says."}
    assert ended.status == {
        "observedGeneration": 1,
        "conditions": [a_ready(lastTransitionTime=NOW), a_ready(lastTransitionTime=NOW, **synced)],
    }
    assert ended.events == [("Normal", "Available", "It was there.")]


async def test_a_second_pass_that_ends_the_same_writes_and_says_nothing() -> None:
    first = await run(an_object(KIND), well)
    second = await run(an_object(KIND, status=first.status), well)
    assert (second.status, second.events, second.writes) == (first.status, [], 0)


@pytest.mark.parametrize("before", [an_object(KIND), a_settled(KIND)], ids=["new", "settled"])
async def test_waiting_is_reconciling(before: Object) -> None:
    ended = await run(before, ending(Wait("Creating", "It takes time.", after=5.0)))
    waiting = ("Creating", "It takes time.")
    assert ended.said("Ready", "Reconciling", "Stalled") == [
        ("False", *waiting),
        ("True", *waiting),
    ]
    assert ended.events == [("Normal", *waiting)]


@pytest.mark.parametrize("before", [an_object(KIND), a_settled(KIND)], ids=["new", "settled"])
async def test_a_stall_is_stalled_and_a_warning(before: Object) -> None:
    ended = await run(before, ending(Stall("InvalidSpec", "Change it.")))
    stalled = ("InvalidSpec", "Change it.")
    assert ended.said("Ready", "Reconciling", "Stalled") == [
        ("False", *stalled),
        ("True", *stalled),
    ]
    assert ended.events == [("Warning", *stalled)]


async def test_a_failed_call_ends_as_the_table_of_consequences_says() -> None:
    ended = await run(an_object(KIND), ending(Rejected("No.", code="Bad")))
    assert ended.said("Stalled") == [("True", "RejectedByAzure", "Bad: No.")]


OUTCOMES: list[tuple[Halt | AzureError, Outcome]] = [
    (Wait("Any", "", after=5.0), Outcome(5.0, Share.OPERATION)),
    (Wait("Any", ""), Outcome(600.0, Share.OPERATION)),
    (Wait("Any", "", backoff=True), Outcome(None, Share.OPERATION, failed=True)),
    (Wait("Any", "", backoff=True, after=9.0), Outcome(9.0, Share.OPERATION, failed=True)),
    (Stall("Any", ""), Outcome(60.0, Share.DRIFT)),
    (Stall("Any", "", after=600.0), Outcome(600.0, Share.DRIFT)),
    (Throttled("", after=70.0), Outcome(70.0, Share.OPERATION)),
    (Unavailable(""), Outcome(None, Share.OPERATION, failed=True)),
]


@pytest.mark.parametrize(("error", "outcome"), OUTCOMES)
async def test_the_end_says_when_the_next_pass_is_due(
    error: Halt | AzureError, outcome: Outcome
) -> None:
    assert (await run(an_object(KIND), ending(error))).outcome == outcome


async def test_a_pass_that_ends_well_comes_again_at_the_earliest_wish() -> None:
    async def work(p: Pass) -> None:
        p.again(50.0, Share.DRIFT)
        p.again(20.0, Share.HEALTH)
        p.again(90.0, Share.EDIT)

    assert (await run(an_object(KIND), work)).outcome == Outcome(20.0, Share.HEALTH)


async def test_a_pass_without_a_wish_comes_again_at_the_poll() -> None:
    assert (await run(an_object(KIND), well)).outcome == Outcome(600.0, Share.DRIFT)


UNAVAILABLE = Unavailable("Down.", code="Down")


async def test_azure_s_trouble_leaves_a_settled_object_ready_and_says_what_is_not_known() -> None:
    ended = await run(a_settled(KIND), ending(UNAVAILABLE))
    assert ended.said("Ready", "Synced", "Reconciling", "Stalled") == [
        ("True", "Available", "It was there."),
        ("Unknown", "AzureUnavailable", "Down: Down."),
    ]
    assert ended.events == []


async def test_azure_s_trouble_keeps_an_object_that_is_not_settled_from_being_ready() -> None:
    ended = await run(a_settled(KIND, generation=2), ending(UNAVAILABLE))
    assert ended.said("Ready", "Reconciling") == [
        ("False", "AzureUnavailable", "Down: Down."),
        ("True", "AzureUnavailable", "Down: Down."),
    ]


async def test_trouble_after_a_write_was_announced_ends_being_ready() -> None:
    async def work(p: Pass) -> None:
        await p.record("Creating", "Creating it again.")
        raise UNAVAILABLE

    ended = await run(a_settled(KIND), work)
    assert ended.said("Ready") == [("False", "AzureUnavailable", "Down: Down.")]


@pytest.mark.parametrize("before", [an_object(KIND), a_settled(KIND)], ids=["new", "settled"])
async def test_the_same_trouble_in_other_words_is_not_written_again(before: Object) -> None:
    first = await run(before, ending(Unavailable("Request 1 failed.")))
    again = an_object(KIND, status=first.status)
    second = await run(again, ending(Unavailable("Request 2 failed.")))
    assert (second.status, second.writes, second.events) == (first.status, 0, [])


async def test_other_trouble_is_told_in_its_own_words() -> None:
    first = await run(an_object(KIND), ending(Unavailable("Down.")))
    second = await run(an_object(KIND, status=first.status), ending(Throttled("", after=60.0)))
    assert second.said("Ready") == [
        ("False", "Throttled", "Azure asked to wait; the next try is in about 1 min ().")
    ]


async def test_the_same_trouble_of_an_older_generation_is_told_anew() -> None:
    first = await run(an_object(KIND), ending(Unavailable("Old.")))
    edited = an_object(KIND, generation=2, status=first.status)
    second = await run(edited, ending(Unavailable("New.")))
    assert second.said("Ready") == [("False", "AzureUnavailable", "New.")]


async def test_a_stall_in_other_words_is_written() -> None:
    first = await run(an_object(KIND), ending(Stall("InvalidSpec", "One.")))
    second = await run(an_object(KIND, status=first.status), ending(Stall("InvalidSpec", "Two.")))
    assert second.said("Ready") == [("False", "InvalidSpec", "Two.")]


async def test_an_object_that_is_gone_is_not_looked_at_again() -> None:
    world = a_world()
    assert await Reconciler(world, {})(an_object(KIND).key) == Outcome()


async def test_a_deleted_object_that_nobody_holds_is_left_alone() -> None:
    object_ = an_object(KIND, finalizers=(), deletion_timestamp=NOW)
    ended = await run(object_, well)
    assert (ended.outcome, ended.writes) == (Outcome(), 0)


async def test_an_object_that_changed_meanwhile_is_read_again_and_looked_at_at_once() -> None:
    object_ = an_object(KIND)

    async def work(p: Pass) -> None:
        assert isinstance(p.world.kube, ApiServer)
        p.world.kube.edit(paths.of_object(object_.key), spec={"new": "spec"})

    ended = await run(object_, work)
    assert (ended.outcome, ended.status) == (Outcome(0.0, Share.WAKE), {})


async def test_an_object_that_vanished_meanwhile_is_not_looked_at_again() -> None:
    async def work(p: Pass) -> None:
        assert isinstance(p.world.kube, ApiServer)
        p.world.kube.bodies.clear()

    assert (await run(an_object(KIND), work)).outcome == Outcome()


async def test_what_is_about_to_be_done_is_written_down_first() -> None:
    seen: list[dict[str, Any]] = []

    async def work(p: Pass) -> None:
        p.status.set(id="/x")
        await p.record("Creating", "Creating /x.")
        seen.append(dict(p.object.status))

    ended = await run(an_object(KIND), work)
    doing = {"reason": "Creating", "message": "Creating /x.", "lastTransitionTime": NOW}
    conditions = [a_ready("False", **doing), a_ready(type="Reconciling", **doing)]
    assert seen == [{"id": "/x", "observedGeneration": 1, "conditions": conditions}]
    assert ended.said("Reconciling") == []


async def test_reported_drift_is_out_of_sync_and_ready() -> None:
    async def work(p: Pass) -> None:
        p.status.set(drift=["spec.tags.a"])

    ended = await run(a_settled(KIND), work)
    assert ended.said("Ready", "Synced") == [
        ("True", "Available", "The resource is there and as the spec says."),
        ("False", "Drifted", "Azure differs from the spec; status.drift lists where."),
    ]


async def test_a_going_object_that_only_looked_is_let_go_without_its_room() -> None:
    spec = {"operator": {"managementPolicy": "ObserveOnly"}}
    object_ = an_object(KIND, spec=spec, deletion_timestamp=NOW)
    ended = await run(object_, ending(Stall("Any", "never")))
    assert (ended.outcome, ended.status) == (Outcome(), {})


async def test_paths_to_ignore_that_a_kind_does_not_compare_are_refused_before_its_room() -> None:
    object_ = an_object(KIND, spec={"operator": {"ignoreDrift": ["tags.a"]}})
    assert (await run(object_, well)).said("Ready")[0][:2] == ("False", "InvalidSpec")
