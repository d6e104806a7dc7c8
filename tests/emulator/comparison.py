"""Compares an answer with a recorded one: everything but IDs, addresses and times."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

_GUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_SECONDS = re.compile(r".*\.(created|updated|deletedDate|scheduledPurgeDate)")
"""Where a number is a time in seconds since the epoch."""
_MAIL = re.compile(r"'[^'@ ]+@[^' ]+'")
_LEFT_OUT = "TRIMMED"
_PRESENT = ("x-ms-ratelimit-", "retry-after")
_EXACT = ("content-type", "x-ms-failure-cause")
_ADDRESS = ("location", "azure-asyncoperation")
_MAY_NOT_APPEAR = ("location", "azure-asyncoperation", "x-ms-failure-cause")

Difference = tuple[str, str, str]


class Names:
    """What stands in the emulator for a recorded ID, address or URL."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, recorded: str, emulated: str) -> None:
        """Let one text stand for another from now on."""
        if recorded != emulated:
            self._known[recorded] = emulated

    def translate(self, value: Any) -> Any:
        """Put the emulator's names into a recorded request or answer, longest first."""
        text = json.dumps(value)
        for recorded in sorted(self._known, key=len, reverse=True):
            text = text.replace(json.dumps(recorded)[1:-1], json.dumps(self._known[recorded])[1:-1])
        return json.loads(text)


def compare_headers(
    recorded: Mapping[str, str], emulated: Mapping[str, str], names: Names
) -> Iterator[Difference]:
    """Compare the headers that mean something; learn the URLs in them."""
    ours = {name.lower(): value for name, value in emulated.items()}
    for name, value in recorded.items():
        is_present = name in ours
        if name.startswith(_PRESENT) and not is_present:
            yield f"header {name}", value, "absent"
        elif name in _EXACT and ours.get(name) != value and not _no_content(name, recorded):
            yield f"header {name}", value, ours.get(name, "absent")
        elif name in _ADDRESS:
            yield from _compare_address(name, value, ours, names)
    for name in _MAY_NOT_APPEAR:
        if name in ours and name not in recorded:
            yield f"header {name}", "absent", ours[name]


def _no_content(name: str, recorded: Mapping[str, str]) -> bool:
    return name == "content-type" and recorded.get("content-length") == "0"


def _compare_address(
    name: str, value: str, ours: Mapping[str, str], names: Names
) -> Iterator[Difference]:
    if name not in ours:
        yield f"header {name}", value, "absent"
        return
    wanted, given = names.translate(value), ours[name]
    if bool(urlsplit(wanted).netloc) != bool(urlsplit(given).netloc) or (
        not urlsplit(given).netloc and wanted != given
    ):
        yield f"header {name}", wanted, given
    names.learn(value, given)


def compare_body(
    recorded: Any, emulated: Any, names: Names, *, trimmed: bool = False
) -> Iterator[Difference]:
    """Compare two JSON bodies and learn the IDs in them.

    Objects have the same members, lists the same length, values are equal; but GUIDs, times and
    addresses only need to be such, and what the recording left out may be anything. An error's
    message may go on after the recorded text. In a trimmed list each recorded element needs one
    of ours with the same members and types.
    """
    if recorded is None and emulated is None:
        return
    if trimmed:
        yield from _compare_trimmed(recorded, emulated)
        return
    yield from _compare(names.translate(recorded), emulated, "$", names)


def _compare(recorded: Any, emulated: Any, path: str, names: Names) -> Iterator[Difference]:
    if isinstance(recorded, dict) and isinstance(emulated, dict):
        yield from _compare_objects(recorded, emulated, path, names)
    elif isinstance(recorded, list) and isinstance(emulated, list):
        if len(recorded) != len(emulated):
            yield path, f"{len(recorded)} elements", f"{len(emulated)} elements"
        for place, (one, other) in enumerate(zip(recorded, emulated, strict=False)):
            yield from _compare(one, other, f"{path}[{place}]", names)
    elif not _alike(recorded, emulated, path, names):
        yield path, json.dumps(recorded)[:200], json.dumps(emulated)[:200]


def _compare_objects(
    recorded: Mapping[str, Any], emulated: Mapping[str, Any], path: str, names: Names
) -> Iterator[Difference]:
    for key in sorted(recorded.keys() | emulated.keys()):
        at = f"{path}.{key}"
        if key not in emulated:
            yield at, json.dumps(recorded[key])[:80], "absent"
        elif key not in recorded:
            yield at, "absent", json.dumps(emulated[key])[:80]
        else:
            yield from _compare(recorded[key], emulated[key], at, names)


def _alike(recorded: Any, emulated: Any, path: str, names: Names) -> bool:
    if recorded == _LEFT_OUT:
        return True
    if not isinstance(recorded, str) or not isinstance(emulated, str):
        is_time = _SECONDS.fullmatch(path) is not None
        return type(recorded) is type(emulated) and (is_time or bool(recorded == emulated))
    if recorded == emulated:
        return True
    if path == "$.error.message":
        return _masked(emulated).startswith(_masked(recorded))
    if _same_kind(recorded, emulated):
        names.learn(recorded, emulated)
        for one, other in zip(_GUID.findall(recorded), _GUID.findall(emulated), strict=False):
            names.learn(one, other)
        return True
    return _GUID.sub("*", recorded) == _GUID.sub("*", emulated)


def _same_kind(recorded: str, emulated: str) -> bool:
    if recorded.startswith(_LEFT_OUT):
        return True
    for kind in (_GUID, _TIME):
        if kind.fullmatch(recorded):
            return kind.fullmatch(emulated) is not None
    if _is_address(recorded):
        return _is_address(emulated)
    return bool(urlsplit(recorded).netloc) and bool(urlsplit(emulated).netloc)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _masked(text: str) -> str:
    return _GUID.sub("*", _MAIL.sub("'*'", text))


def _compare_trimmed(recorded: Any, emulated: Any) -> Iterator[Difference]:
    ours = [_shape(element) for element in emulated.get("value", [])]
    for place, element in enumerate(recorded["value"]):
        if _shape(element) not in ours:
            yield f"$.value[{place}]", json.dumps(_shape(element)), "no element like it"


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in sorted(value.items())}
    return type(value).__name__
