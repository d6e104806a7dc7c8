"""Events of containers: what the service tells about pulling, starting and killing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

# Name → the name on the wire, the type and the text. `{image}` is the image with its digest
# (without before 2021). Recordings ps-container-lifecycle, container_create_with_msi; the two
# about pulls that fail are those of Microsoft's troubleshooting page (azure.md 7.1, last row).
_TEXTS = {
    "Pulling": ("Pulling", "Normal", 'pulling image "{image}"'),
    "Pulled": ("Pulled", "Normal", 'Successfully pulled image "{image}"'),
    "Created": ("Created", "Normal", "Created container"),
    "Started": ("Started", "Normal", "Started container"),
    "Killing": ("Killing", "Normal", "Killing container {name} (platform initiated)."),
    "FailedStart": ("Failed", "Warning", "{name} does not start"),
    "Liveness": ("Unhealthy", "Warning", "Liveness probe failed"),
    "Readiness": ("Unhealthy", "Warning", "Readiness probe failed"),
    "BackOff": ("BackOff", "Warning", "Back-off restarting failed container"),
    "Failed": ("Failed", "Warning", 'Failed to pull image "{image}": image {image} not found'),
    "BackOffPulling": ("BackOff", "Normal", 'Back-off pulling image "{image}"'),
}
_ORDER = list(_TEXTS)


@dataclass(frozen=True)
class Event:
    """One kind of event of one container, added up; times in seconds since the epoch."""

    name: str
    first: float
    last: float
    count: int = 1
    text: str = ""
    """In place of the one that its name has."""

    def plus(self, later: Event) -> Event:
        """Add a later event of the same name to this one."""
        return replace(self, last=max(self.last, later.last), count=self.count + later.count)


def added_up(events: Iterable[Event]) -> list[Event]:
    """Add events of the same name together; the order is that of a container's life."""
    sums: dict[str, Event] = {}
    for event in events:
        known = sums.get(event.name)
        sums[event.name] = known.plus(event) if known else event
    return sorted(sums.values(), key=lambda event: _ORDER.index(event.name))


def shown(events: Iterable[Event], name: str, image: str, api_version: str) -> list[dict[str, Any]]:
    """Give the events of one container as the service writes them.

    "Created" and images by tag are seen in recordings before 2021, images by digest after.
    """
    old = api_version < "2021"
    pulled = image if old else _by_digest(image)
    return [
        {
            "count": event.count,
            "firstTimestamp": stamp(event.first, 0),
            "lastTimestamp": stamp(event.last, 0),
            "name": _TEXTS[event.name][0],
            "message": event.text or _TEXTS[event.name][2].format(image=pulled, name=name),
            "type": _TEXTS[event.name][1],
        }
        for event in events
        if old or event.name != "Created"
    ]


def _by_digest(image: str) -> str:
    if "@" in image:
        return image
    path, _, last = image.rpartition("/")
    bare = f"{path}/{last.partition(':')[0]}" if path else last.partition(":")[0]
    return f"{bare}@sha256:{hashlib.sha256(image.encode()).hexdigest()}"


def stamp(moment: float, digits: int) -> str:
    """Write a time in UTC with 0, 3 or 7 digits of a second, as the service does."""
    whole = int(moment)
    text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if not digits:
        return f"{text}Z"
    fraction = int((moment - whole) * 10**digits)
    return f"{text}.{fraction:0{digits}d}Z"
