"""Why containers are not well, as far as the instance view tells. Pure.

Events are added up and kept over restarts (azure.md section 6), so that an old one tells nothing
about a container that runs: each rule asks for the state too, or for the time of the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from aci_operator.api import reasons

STEADY = timedelta(seconds=120)
"""A container that was restarted more than once is well again after it has run for so long."""
PLATFORM_EXITS = (7147, 7148)
"""Exit codes of the platform's own maintenance (azure.md section 6)."""
WORDS = 512
"""Characters of Azure's own sentence that a message keeps."""
INIT = "init container "
_HINTS = (
    ("not found", "Check the image's name and tag."),
    ("unauthorized", "Check spec.imageRegistryCredentials, or AcrPull of the pulling identity."),
    ("denied", "Check spec.imageRegistryCredentials, or AcrPull of the pulling identity."),
    ("toomanyrequests", "The registry limits pulls; give it a credential, or use another one."),
    ("timeout", "The registry cannot be reached from there; look at the network."),
)
"""What is done about a pull that fails, by Azure's words; all but the first are [inf]."""
View = Mapping[str, Any]


class Cause(NamedTuple):
    """One reason for which one container is not well."""

    reason: str
    text: str


class Seen(NamedTuple):
    """One container as the instance view shows it."""

    name: str
    current: View
    previous: View
    restarts: int
    events: Sequence[View]

    @property
    def runs(self) -> bool:
        """Whether it runs at the moment."""
        return bool(self.current.get("state") == "Running")


def found(properties: View, restart_policy: str, now: datetime) -> list[Cause]:
    """List the causes, the one that explains most first; empty where nothing is wrong."""
    shared = _events(properties.get("instanceView"))
    containers = [_seen(each) for each in properties.get("containers") or ()]
    starters = [_seen(each, INIT) for each in properties.get("initContainers") or ()]
    causes = [*_starting(starters, containers)]
    for seen in starters:  # how they ended is told already, and they have no probes
        causes += _unstarted(seen, shared)
    for seen in containers:
        causes += _of_container(seen, shared, restart_policy, now)
    return sorted(causes, key=lambda cause: _WEIGHT.index(cause.reason))


def exit_text(code: int) -> str:
    """Tell an exit code, and what it means where that is known."""
    note = " (maintenance of the platform)" if code in PLATFORM_EXITS else ""
    return f"exit code {code}{note}"


def _unstarted(seen: Seen, shared: list[View]) -> Iterator[Cause]:
    """What keeps a container of either kind from starting."""
    if not seen.runs and "exitCode" not in seen.current:
        yield from _policy(seen)
        yield from _mount(seen, shared)
        yield from _pull(seen)


def _of_container(seen: Seen, shared: list[View], policy: str, now: datetime) -> Iterator[Cause]:
    yield from _unstarted(seen, shared)
    yield from _probe(seen, now)
    yield from _crash(seen, policy, now)


def _policy(seen: Seen) -> Iterator[Cause]:
    """The words are those of confidential groups whose policy denies a container (cases.md 39)."""
    for text in (*map(_message, reversed(seen.events)), _detail(seen)):
        if "denied by policy" in text.lower() or "devicehash not found" in text.lower():
            yield Cause(
                reasons.POLICY_MISMATCH,
                f"{seen.name}: {_cut(text)} The image is not the one that ccePolicy was made for: "
                "make the policy anew.",
            )
            return


def _mount(seen: Seen, shared: list[View]) -> Iterator[Cause]:
    """Mount errors stand among the events of the group (azure.md section 4)."""
    for event in reversed((*shared, *seen.events)):
        if event.get("name") == "FailedMount":
            text = f"{seen.name}: a volume cannot be mounted: {_cut(_message(event))}"
            yield Cause(reasons.MOUNT_FAILED, text)
            return


def _pull(seen: Seen) -> Iterator[Cause]:
    pulled = max((_last(e) for e in seen.events if e.get("name") == "Pulled"), default="")
    failed = [
        event
        for event in seen.events
        if event.get("name") == "Failed"
        and "pull" in _message(event).lower()
        and _last(event) > pulled
    ]
    if failed:
        text = _message(failed[-1])
        way_out = next((way for word, way in _HINTS if word in text.lower()), "")
        words = f"{seen.name}: {_cut(text)} {way_out}".strip()
        yield Cause(reasons.IMAGE_PULL_FAILED, words)


def _probe(seen: Seen, now: datetime) -> Iterator[Cause]:
    """Azure names such events as Kubernetes does [inf]; an old one is over."""
    failed = [event for event in seen.events if event.get("name") == "Unhealthy"]
    latest = max(failed, key=_last, default=None)
    if latest is None:
        return
    if seen.runs and seen.restarts < 2 and not _recent(_last(latest), now):
        return
    if seen.runs and seen.restarts >= 2 and not _shaky(seen, now):
        return
    text = f"{seen.name}: {_cut(_message(latest))}{_restarted(seen)}"
    yield Cause(reasons.UNHEALTHY, text)


def _crash(seen: Seen, policy: str, now: datetime) -> Iterator[Cause]:
    if not seen.restarts or not (_ended(seen, policy) or _backs_off(seen) or _shaky(seen, now)):
        return
    code = seen.current.get("exitCode", seen.previous.get("exitCode"))
    ended = exit_text(code) if code is not None else _detail(seen) or "no exit code is told"
    yield Cause(reasons.CRASH_LOOPING, f"{seen.name}: {ended}{_restarted(seen)}")


def _ended(seen: Seen, policy: str) -> bool:
    code = seen.current.get("exitCode")
    return code is not None and (code != 0 or policy == "Always")


def _backs_off(seen: Seen) -> bool:
    return seen.current.get("state") == "Waiting"


def _shaky(seen: Seen, now: datetime) -> bool:
    """Whether it runs again only since a moment ago, after more than one restart."""
    started = str(seen.current.get("startTime") or "")
    return seen.runs and seen.restarts >= 2 and _recent(started, now)


def _starting(starters: list[Seen], containers: list[Seen]) -> Iterator[Cause]:
    """Containers wait until each init container has exited with 0."""
    if any(seen.runs for seen in containers):
        return
    for seen in starters:
        code = seen.current.get("exitCode", seen.previous.get("exitCode"))
        if code:
            text = f"{seen.name}: {exit_text(code)}{_restarted(seen)}"
            yield Cause(reasons.INIT_CONTAINER_FAILED, text)


def _restarted(seen: Seen) -> str:
    return f", restarted {seen.restarts} times" if seen.restarts else ""


def _seen(container: View, kind: str = "") -> Seen:
    view = (container.get("properties") or {}).get("instanceView") or {}
    return Seen(
        f"{kind}{container['name']}",
        view.get("currentState") or {},
        view.get("previousState") or {},
        view.get("restartCount") or 0,
        _events(view),
    )


def _events(view: View | None) -> list[View]:
    return sorted((view or {}).get("events") or (), key=_last)


def _last(event: View) -> str:
    """Times of events have whole seconds in UTC, so they compare as texts."""
    return str(event.get("lastTimestamp") or "")[:19]


def _message(event: View) -> str:
    return str(event.get("message") or "")


def _detail(seen: Seen) -> str:
    return str(seen.current.get("detailStatus") or "")


def _cut(text: str) -> str:
    short = text[:WORDS].rstrip()
    return short if short.endswith(".") else f"{short}."


def _recent(text: str, now: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
    except ValueError:
        return False
    return now - moment < STEADY


_WEIGHT = (
    reasons.POLICY_MISMATCH,
    reasons.MOUNT_FAILED,
    reasons.IMAGE_PULL_FAILED,
    reasons.INIT_CONTAINER_FAILED,
    reasons.UNHEALTHY,
    reasons.CRASH_LOOPING,
)
FINAL = frozenset((reasons.POLICY_MISMATCH,))
"""What no waiting heals."""
