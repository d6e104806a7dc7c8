"""Durations as Kubernetes writes them: `90s`, `10m`, `1h30m`."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def seconds(text: str) -> float:
    """Give the seconds of a duration; ValueError says what is wrong with it."""
    match = _PARTS.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"{text!r} is no duration; write it like 90s, 10m or 1h30m")
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + rest)
