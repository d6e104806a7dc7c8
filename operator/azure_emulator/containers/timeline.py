"""Where a container stands at a moment: worked out from its start, its image and its policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from azure_emulator.containers.behaviour import Behaviour, RestartPolicy

FIRST_BACK_OFF = 10.0
LONGEST_BACK_OFF = 300.0
"""Seconds. "Back-off 10s" is recorded (container_create_with_msi); that the first restart comes
at once is too (starts at :32, :34, :50 in container_create_with_msi_scope); that the time
doubles up to five minutes is the kubelet's rule, not seen."""


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


def standing(behaviour: Behaviour, policy: RestartPolicy, started: float, now: float) -> Standing:
    """Work out where a container stands that was first started at `started` <= now."""
    code = behaviour.exit_code
    if code is None or now < started + behaviour.after:
        return Standing(State("Running", started), last_start=started)
    if behaviour.ends_under(policy):
        ended = _exited(started, started + behaviour.after, code)
        return Standing(ended, last_start=started, ended=True)
    return _crash_loop(behaviour.after, code, started, now)


def _exited(started: float, finished: float, code: int) -> State:
    detail = "Error" if code else "Completed"
    return State("Terminated", started, finished, code, detail)


def _crash_loop(after: float, code: int, started: float, now: float) -> Standing:
    """Walk the loop of run, exit and back-off; the cycles of equal length are skipped."""
    start, restarts, delay = started, 0, 0.0
    while delay < LONGEST_BACK_OFF and now >= start + after + delay:
        start, restarts = start + after + delay, restarts + 1
        delay = min(max(FIRST_BACK_OFF, 2 * delay), LONGEST_BACK_OFF)
    if delay == LONGEST_BACK_OFF:
        cycle = after + delay
        rounds = int((now - start) // cycle)
        start, restarts = start + rounds * cycle, restarts + rounds
    return _in_loop(after, code, _Turn(start, restarts, delay, now))


@dataclass(frozen=True)
class _Turn:
    start: float
    restarts: int
    delay: float
    now: float


def _in_loop(after: float, code: int, turn: _Turn) -> Standing:
    exit_at = turn.start + after
    if turn.now >= exit_at:
        waiting = State(
            "Waiting", detail=f"CrashLoopBackOff: Back-off {int(turn.delay)}s restarting failed"
        )
        exited = _exited(turn.start, exit_at, code)
        return Standing(waiting, exited, turn.restarts, turn.start, turn.restarts)
    before = turn.start - _delay_before(turn)
    exited = _exited(before - after, before, code)
    running = State("Running", turn.start)
    return Standing(running, exited, turn.restarts, turn.start, max(turn.restarts - 1, 0))


def _delay_before(turn: _Turn) -> float:
    if turn.restarts <= 1:
        return 0.0
    delay = FIRST_BACK_OFF * 2.0 ** min(turn.restarts - 2, 10)
    return min(delay, LONGEST_BACK_OFF)
