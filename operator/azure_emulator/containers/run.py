"""One start of all containers of a group, and what is seen of it at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from azure_emulator.containers.behaviour import Behaviour, RestartPolicy
from azure_emulator.containers.events import Event
from azure_emulator.containers.timeline import Course, Standing, State, standing

Kind = Literal["create", "update", "restart", "start"]

PULL_RETRY = 60.0
"""Seconds between two tries to pull an image; the service's own pace is not known."""
PROBE_PERIOD = 10.0
"""Seconds; Kubernetes' default."""
STOPPED = "Container stopped per client request"  # recording ps-container-lifecycle


@dataclass(frozen=True)
class Actor:
    """One container as it behaves in this run."""

    name: str
    image: str
    behaviour: Behaviour


@dataclass
class Run:
    """All containers are started together at `ready`, `begun` being the request's time."""

    kind: Kind
    begun: float
    ready: float
    policy: RestartPolicy
    actors: tuple[Actor, ...]
    back_off: float = 10.0
    kills: int = 0
    until: float = float("inf")
    """From then on the containers run no more: replaced by another run, or stopped."""
    stopped: bool = False
    starters: tuple[Actor, ...] = ()
    """The init containers, in the order in which they run."""

    def start_of(self, actor: Actor) -> float:
        """Give the moment a container starts, which may never come."""
        if actor.behaviour.start_fails:
            return float("inf")
        return max(self._turn_of(actor), self.begun + actor.behaviour.pull_fails_for)

    def _turn_of(self, actor: Actor) -> float:
        """Give the moment at which nothing that runs before a container is left."""
        place = self.starters.index(actor) if actor in self.starters else len(self.starters)
        return self._through(self.starters[:place])

    @property
    def initialised(self) -> float:
        """The moment at which each init container has exited with 0, which may never come."""
        return self._through(self.starters)

    def _through(self, starters: tuple[Actor, ...]) -> float:
        """Init containers run one after the other; who fails is tried again, by the policy [inf].
        One that nothing was told about does its work at once."""
        moment = self.ready
        for each in starters:
            told = each.behaviour
            if told.start_fails or told.exit_code:
                return float("inf")
            moment = max(moment, self.begun + told.pull_fails_for) + told.after
        return moment

    @property
    def complete(self) -> float:
        """The moment at which all containers have started."""
        return max(self.start_of(actor) for actor in self.actors)

    def _course(self, actor: Actor, started: float) -> Course:
        if actor not in self.starters:
            return Course(actor.behaviour, self.policy, started, self.back_off)
        ending = replace(actor.behaviour, exit_code=actor.behaviour.exit_code or 0)
        once: RestartPolicy = "Never" if self.policy == "Never" else "OnFailure"
        return Course(ending, once, started, self.back_off)

    def at(self, actor: Actor, now: float) -> Standing:
        """Tell where a container stands at a moment not before `ready`."""
        started = self.start_of(actor)
        end = min(now, self.until)
        seen = Standing(State("Waiting"))
        if end >= started:
            seen = standing(self._course(actor, started), end)
        if self.stopped and now >= self.until:
            return Standing(
                State("Terminated", finished=self.until, detail=STOPPED),
                seen.current,
                seen.restarts,
                seen.last_start,
                seen.back_offs,
            )
        return seen

    def state(self, now: float) -> str:
        """Give `instanceView.state` of the group at a moment not before `ready`."""
        if self.stopped and now >= self.until:
            return "Stopped"
        if now < self.complete:
            return "Pending"
        seen = [self.at(actor, now) for actor in self.actors]
        if not all(one.ended for one in seen):
            return "Running"  # also in a crash loop: recordings with_msi, msi-2021-09-01
        return "Failed" if any(one.current.exit_code for one in seen) else "Succeeded"

    def events(self, actor: Actor, now: float) -> list[Event]:
        """List what happened to a container in this run up to a moment, oldest first."""
        end = min(now, self.until)
        pulling = self.ready - 0.6 * (self.ready - self.begun)
        killed = max(self.begun, self.ready - 2)
        events = [Event("Killing", killed, killed, self.kills)] if self.kills else []
        started = self.start_of(actor)
        if end >= started:
            events += [*self._starts(actor, started, end), *self._probes(actor, end)]
        elif self.ready <= end < self._turn_of(actor):
            pass  # it waits for init containers
        elif actor.behaviour.start_fails:
            events += self._failed_starts(actor, end)
        elif self.kind != "restart":
            events += [Event("Pulling", pulling, pulling), *self._failed_pulls(end)]
        return [event for event in events if event.first <= end]

    def _failed_starts(self, actor: Actor, end: float) -> list[Event]:
        pulls = [Event(name, self.ready, self.ready) for name in ("Pulling", "Pulled")]
        tries = 1 + int(max(end - self.ready, 0.0) // PULL_RETRY)
        last = self.ready + (tries - 1) * PULL_RETRY
        text = actor.behaviour.start_fails
        return [*pulls, Event("FailedStart", self.ready, last, tries, text)]

    def _probes(self, actor: Actor, end: float) -> list[Event]:
        behaviour, started = actor.behaviour, self.start_of(actor)
        seen = standing(self._course(actor, started), end)
        first = started + behaviour.after
        if not behaviour.probe or end < first:
            return []
        if behaviour.probe == "Readiness":
            return [Event("Readiness", first, end, 1 + int((end - first) // PROBE_PERIOD))]
        exits = 1 + seen.restarts - (seen.current.state == "Running")
        last = seen.last_start + behaviour.after
        return [Event("Liveness", first, min(last, end), max(exits, 1))]

    def _failed_pulls(self, end: float) -> list[Event]:
        if end < self.ready:
            return []
        tries = 1 + int((end - self.ready) // PULL_RETRY)
        last = self.ready + (tries - 1) * PULL_RETRY
        return [
            Event("Failed", self.ready, last, tries),
            Event("BackOffPulling", self.ready, last, tries),
        ]

    def _starts(self, actor: Actor, started: float, end: float) -> list[Event]:
        seen = standing(self._course(actor, started), end)
        times, whole = 1 + seen.restarts, self.ready - self.begun
        moments = {"Pulling": 0.6 * whole, "Pulled": 0.3 * whole, "Created": 0.0, "Started": 0.0}
        if self.kind == "restart":  # no new pull is seen: recording ps-container-lifecycle
            moments = {"Started": 0.0}
        events = [
            Event(name, started - before, seen.last_start if times > 1 else started - before, times)
            for name, before in moments.items()
        ]
        if started > self.ready:
            events += self._failed_pulls(started)
        if seen.back_offs:
            events.append(Event("BackOff", started, seen.last_start, seen.back_offs))
        return events
