"""The life of one container group: starts, stops, and the provisioning state in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from azure_emulator.containers.events import Event, added_up, shown, stamp
from azure_emulator.containers.run import Actor, Run
from azure_emulator.containers.timeline import Standing, State

TIMEOUT = 1800.0
"""Seconds after which an unfinished start is called Failed (azure.md section 6)."""


@dataclass
class Life:
    """What happened to a group's containers; nothing here changes by itself with time."""

    run: Run
    before: Run | None = None
    starts: int = 1
    pending: float = 0.0
    """Seconds for which a new group says Pending before it says Creating."""
    timeout: float = TIMEOUT
    updated: bool = False
    """Whether it was changed in place since it was deployed."""
    log: dict[str, list[Event]] = field(default_factory=dict)
    """Events of the runs before `before`, by container."""

    def begin(self, run: Run) -> None:
        """Start all containers anew; the old ones run until the new ones are ready."""
        self._fold()
        self.run.until = min(self.run.until, run.ready)
        self.before, self.run = self.run, run
        self.starts += 1
        self.updated = run.kind == "update" or (self.updated and run.kind != "create")
        if run.kind == "create":  # deployed as new: nothing of the old one is seen
            self.before = None
            self.log.clear()

    def stop(self, now: float) -> None:
        """Stop all containers at once."""
        self.run.until, self.run.stopped = now, True

    def started(self, now: float) -> int:
        """Count how often the containers were started by then, crashes apart."""
        return self.starts - (1 if now < self.run.ready else 0)

    def busy(self, now: float) -> bool:
        """Tell whether an operation runs."""
        return not self.run.stopped and now < self.finished

    @property
    def finished(self) -> float:
        """When the newest operation ends, whichever way."""
        return min(self.run.complete, self.run.begun + self.timeout)

    def failed(self, now: float) -> bool:
        """Tell whether the newest operation has ended in Failed, which may heal later."""
        return not self.run.stopped and self.finished <= now < self.run.complete

    def provisioning(self, now: float) -> str:
        """Give `provisioningState`: about the newest operation, not about health."""
        if self.run.stopped or now >= self.run.complete:
            return "Succeeded"
        if now >= self.finished:
            return "Failed"
        if self.run.kind in ("update", "restart"):
            return "Updating"
        return "Pending" if now < self.run.begun + self.pending else "Creating"

    def state(self, now: float) -> str:
        """Give `instanceView.state` of the group."""
        if now < self.run.ready and self.run.kind in ("create", "start"):
            return "Pending"
        seen = self.current(now)
        return seen.state(now) if seen else "Pending"

    def over(self, now: float) -> bool:
        """Tell whether all containers have ended for good, so that a PUT deploys anew."""
        return self.state(now) in ("Succeeded", "Failed")

    def addressed(self, now: float) -> bool:
        """Tell whether an IP address is assigned: while the containers run."""
        run = self.run
        return not run.stopped and (now >= run.ready or run.kind in ("update", "restart"))

    def events(self, name: str, now: float) -> list[Event]:
        """Add up the events of one container."""
        events = list(self.log.get(name, ()))
        for run in (self.before, self.run):
            actor = _actor(run, name)
            if run and actor:
                events += run.events(actor, now)
        return added_up(events)

    def instance_view(self, name: str, api_version: str, moments: Moments) -> dict[str, Any] | None:
        """Give one container's `instanceView`, None while a new group is made (recorded)."""
        run = self.current(moments.now)
        actor = _actor(run, name)
        if run is None or actor is None:
            return None
        view = _view(run.at(actor, moments.now))
        events = self.events(name, moments.events)
        if events:
            view["events"] = shown(events, name, actor.image, api_version)
        return view

    def current(self, now: float) -> Run | None:
        """Give the run that is seen: the former one until the newest is ready."""
        return self.run if now >= self.run.ready else self.before

    def _fold(self) -> None:
        if self.before is None:
            return
        for actor in (*self.before.starters, *self.before.actors):
            events = [*self.log.get(actor.name, ()), *self.before.events(actor, float("inf"))]
            self.log[actor.name] = added_up(events)


@dataclass(frozen=True)
class Moments:
    """Now, and the moment up to which events are known already (they lag: knob 11)."""

    now: float
    events: float


def _actor(run: Run | None, name: str) -> Actor | None:
    actors = (*run.starters, *run.actors) if run else ()
    return next((actor for actor in actors if actor.name == name), None)


def _view(seen: Standing) -> dict[str, Any]:
    view: dict[str, Any] = {"restartCount": seen.restarts, "currentState": _state(seen.current)}
    if seen.previous is not None:
        view["previousState"] = _state(seen.previous)
    return view


def _state(state: State) -> dict[str, Any]:
    shape: dict[str, Any] = {"state": state.state}
    if state.started is not None:
        shape["startTime"] = stamp(state.started, 3)
    if state.exit_code is not None:
        shape["exitCode"] = state.exit_code
    if state.finished is not None:
        shape["finishTime"] = stamp(state.finished, 7 if state.exit_code is None else 3)
    shape["detailStatus"] = state.detail
    return shape
