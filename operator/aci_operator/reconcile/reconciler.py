"""The way of one pass: find the object, let its room work, say how it ended, write status once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import Key, Object
from aci_operator.azure.errors import AzureError
from aci_operator.engine.queue import Share
from aci_operator.engine.workers import Outcome
from aci_operator.kube import objects
from aci_operator.kube.errors import Gone, Stale
from aci_operator.reconcile import claims, drift, exports, moods, policies, spending, turns, wishes
from aci_operator.reconcile.consequences import consequence
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.guard import CONFIRMED, COUNT, SHARE, WITHIN
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import STALLED_RETRY, Halt, Stall, Unwell, Wait
from aci_operator.reconcile.world import World
from aci_operator.telemetry.logs import bind


class Reconciler:
    """Runs passes; what the workers call."""

    def __init__(self, world: World, rooms: Mapping[str, Room]) -> None:
        self._world = world
        self._rooms = rooms

    async def __call__(self, key: Key) -> Outcome:
        """Run one pass over the object of that key; say when the next one is due."""
        found = self._world.store.get(key)
        if found is None:
            return Outcome()
        bind(generation=found.generation, arm_id=str(found.status.get("id") or ""))
        return await self._pass(found)

    async def _pass(self, found: Object) -> Outcome:
        p = Pass(self._world, found)
        spent = spending.begin()
        try:
            if wishes.paused(found):
                wishes.stand_still(p)
                await p.store_status()
                return Outcome()
            wishes.go_on(p)
            halt = moods.judge(p, await self._work(p))
            if p.gone or (p.object.deleting and not p.object.held):
                claims.give_up(p)
                turns.give_up(p)
                moods.forget(p)
                return Outcome()
            if not self._is_known(p, halt):
                _conclude(p, halt)
                await exports.bring(p)
                await p.store_status()
        except (Stale, Gone):
            return await self._read_again(p.object)
        return _paced(_outcome(p, halt), halt, spent.requests)

    def _is_known(self, p: Pass, halt: Halt | None) -> bool:
        """Whether what the pass wrote down before its write to Azure says all that is to be said.

        While many objects are made at once, one write in three is spared.
        """
        if not (isinstance(halt, Wait) and halt.recorded):
            return False
        published = self._rooms[p.object.key.kind].published
        status = p.status.build(p.generation, p.world.clock.now())
        return published(replace(p.object, status=status)) == published(p.object)

    async def _work(self, p: Pass) -> Halt | None:
        room = self._rooms[p.object.key.kind]
        try:
            await _carry_out(p, room)
        except Halt as halt:
            return halt
        except AzureError as error:
            return consequence(error)
        return None

    async def _read_again(self, known: Object) -> Outcome:
        current = await objects.read(self._world.kube, known.key)
        if current is None or current.uid != known.uid:
            self._world.lose(known.key, known.uid)
        if current is None:
            return Outcome()
        self._world.learn(current)
        return Outcome(after=0.0, share=Share.WAKE)


async def _carry_out(p: Pass, room: Room) -> None:
    if p.object.deleting and policies.observes(p.object):
        await p.release()
    elif p.object.deleting:
        await _refuse_emptied(p)
        await room.remove(p)
    else:
        drift.refuse_unknown(p, room.compared)
        await room.reconcile(p)


async def _refuse_emptied(p: Pass) -> None:
    """Raise Stall where so much is being deleted that it may be a mistake."""
    guard, world = p.world.guard, p.world
    if guard is None or not p.object.held:
        return
    known = (found for kind in KINDS for found in world.store.of_kind(kind))
    if await guard.holds(p.object, known, world.clock.now().timestamp()):
        raise Stall(
            reasons.DELETION_HELD,
            f"More than {COUNT} objects and more than {SHARE:.0%} of all were deleted within "
            f"{WITHIN / 60:g} minutes. If that is meant, annotate the object with "
            f"{CONFIRMED}=true. If not, set spec.operator.deletionPolicy to Retain: the resource "
            "then stays in Azure, and an object that is applied again with adoptionPolicy: Adopt "
            "takes it over.",
        )


def _conclude(p: Pass, halt: Halt | None) -> None:
    """Say the summary conditions, and raise an event when the reason changes."""
    wishes.acknowledge(p)
    before = conditions.find(p.started_as.status, conditions.READY)
    if halt is None:
        reason, message = p.ready
        p.status.say(conditions.READY, "True", reason, message)
        _say_synced(p)
    elif isinstance(halt, Wait) and halt.transient and _still_ready(p):
        p.status.say(conditions.READY, "True", before["reason"], before["message"])
        p.status.say(conditions.SYNCED, "Unknown", halt.reason, _message(p, halt))
        return
    else:
        reason, message = halt.reason, _message(p, halt)
        summary = conditions.STALLED if isinstance(halt, Stall) else conditions.RECONCILING
        p.status.say(conditions.READY, "False", reason, message)
        p.status.say(summary, "True", reason, message)
    if before.get("reason") != reason:
        p.event(reason, message, type_="Warning" if isinstance(halt, Stall | Unwell) else "Normal")


def _say_synced(p: Pass) -> None:
    if p.status.fields.get("drift"):
        message = "Azure differs from the spec; status.drift lists where."
        p.status.say(conditions.SYNCED, "False", reasons.DRIFTED, message)
    else:
        p.status.say(conditions.SYNCED, "True", reasons.IN_SYNC, "Azure is as the spec says.")


def _still_ready(p: Pass) -> bool:
    """A write that was announced in this pass may have been half done: then nothing is sure."""
    return p.settled and conditions.is_true(p.object.status, conditions.READY)


def _message(p: Pass, halt: Halt) -> str:
    """Keep the stored words while Azure fails in the same way: its ids change at each try."""
    if not (isinstance(halt, Wait) and halt.transient):
        return halt.message
    stored = p.started_as.status.get("conditions") or ()
    for condition in stored:
        same = condition["reason"] == halt.reason
        if same and condition.get("observedGeneration") == p.generation:
            return str(condition["message"])
    return halt.message


def _paced(outcome: Outcome, halt: Halt | None, requests: int) -> Outcome:
    """What is tried again slowly asks Azure once a minute at most, whatever one try costs."""
    if halt is None or (isinstance(halt, Wait) and halt.transient):
        return outcome
    if outcome.after is None or outcome.after < STALLED_RETRY:
        return outcome
    return replace(outcome, after=max(outcome.after, STALLED_RETRY * requests))


def _outcome(p: Pass, halt: Halt | None) -> Outcome:
    if isinstance(halt, Wait) and halt.backoff:
        return Outcome(halt.after, Share.OPERATION, failed=True, longest=halt.longest)
    if halt is None:
        after, share = p.next or (p.world.pace.poll, Share.DRIFT)
        return Outcome(after=after, share=share)
    if isinstance(halt, Stall):
        return Outcome(after=halt.after, share=Share.DRIFT)
    wait = getattr(halt, "after", None)
    return Outcome(after=p.world.pace.poll if wait is None else wait, share=Share.OPERATION)
