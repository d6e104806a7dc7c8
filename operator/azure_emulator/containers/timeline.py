"""Where a container stands at a moment: worked out from its start, its image and its policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from azure_emulator.containers.behaviour import Behaviour, RestartPolicy

LONGEST_BACK_OFF = 300.0
"""Seconds. That the first restart comes at once and the second after "Back-off 10s" is recorded
(container_create_with_msi); that the back-off doubles up to five minutes is the kubelet's rule."""
RESTART_LAG = 6.0
"""What passes after a back-off until the container runs: recorded, 16 s after each exit."""
TERMINATED_SHOWN = 10.0
"""A container that will run again is Terminated for so long after its exit, then Waiting: this
fits all six such GETs of the recordings (8 s and less: Terminated, 13 s and more: Waiting)."""
_SHORTEST_CYCLE = 1.0


@dataclass(frozen=True)
class State:
    """One state of one container; times in seconds since the epoch."""

    state: Literal["Running", "Waiting", "Terminated"]
    started: float | None = None
    finished: float | None = None
    exit_code: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Standing:
    """A container at a moment: its state, the one before, and what it went through."""

    current: State
    previous: State | None = None
    restarts: int = 0
    last_start: float = 0.0
    back_offs: int = 0
    ended: bool = False
    """Whether it has exited for good."""


@dataclass(frozen=True)
class Course:
    """What a container does from its start on; `back_off` is the first one, 0 for none ever."""

    behaviour: Behaviour
    policy: RestartPolicy
    started: float
    back_off: float = 10.0


def standing(course: Course, now: float) -> Standing:
    """Work out where a container stands at a moment not before its start."""
    behaviour, started = course.behaviour, course.started
    code = behaviour.exit_code
    if code is None or now < started + behaviour.after:
        return Standing(State("Running", started), last_start=started)
    if behaviour.ends_under(course.policy):
        ended = _exited(started, started + behaviour.after, code)
        return Standing(ended, last_start=started, ended=True)
    return _Loop(behaviour.after, code, course.back_off).at(started, now)


def _exited(started: float, finished: float, code: int) -> State:
    detail = "Error" if code else "Completed"
    return State("Terminated", started, finished, code, detail)


@dataclass(frozen=True)
class _Loop:
    """Run, exit, back-off, and again."""

    after: float
    code: int
    back_off: float

    def at(self, started: float, now: float) -> Standing:
        start, before, restarts = self._turn(started, now)
        exit_at = start + self.after
        previous = None
        if restarts:
            previous = _exited(before, before + self.after, self.code)
        if now < exit_at:
            running = State("Running", start)
            return Standing(running, previous, restarts, start, restarts if restarts > 1 else 0)
        exited = _exited(start, exit_at, self.code)
        back_offs = restarts + 1 if restarts and self.back_off else 0
        if now < exit_at + TERMINATED_SHOWN or not restarts:
            return Standing(exited, previous, restarts, start, back_offs)
        text = f"CrashLoopBackOff: Back-off {int(self._delay(restarts))}s restarting failed"
        waiting = State("Waiting", detail=text)
        return Standing(waiting, exited, restarts, start, back_offs)

    def _turn(self, started: float, now: float) -> tuple[float, float, int]:
        """Give the newest start, the one before it, and how many restarts there were; cycles of
        equal length are skipped at once."""
        start, before, restarts = started, started, 0
        while self._delay(restarts) < LONGEST_BACK_OFF and restarts < 12:
            following = start + self._cycle(restarts)
            if now < following:
                return start, before, restarts
            before, start, restarts = start, following, restarts + 1
        cycle = self._cycle(restarts)
        rounds = int((now - start) // cycle)
        if rounds:
            start, before = start + rounds * cycle, start + (rounds - 1) * cycle
        return start, before, restarts + rounds

    def _delay(self, restarts: int) -> float:
        if restarts == 0:
            return 0.0
        return min(self.back_off * 2.0 ** min(restarts - 1, 10), LONGEST_BACK_OFF)

    def _cycle(self, restarts: int) -> float:
        """Seconds from a start to the next one, after so many restarts."""
        delay = self._delay(restarts)
        lag = RESTART_LAG if delay else 0.0
        return max(self.after + delay + lag, 0.0 if restarts == 0 else _SHORTEST_CYCLE)
