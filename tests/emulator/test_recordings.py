"""The emulator is held to recorded traffic of the real Azure."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from emulator.differences import DIFFERENCES, OUT_OF_SCOPE
from emulator.preparations import PREPARATIONS
from emulator.replay import Finding, Preparation, load, replay

RECORDINGS = sorted(Path(__file__).with_name("recordings").glob("*.json"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
async def test_recorded_requests_are_answered_as_recorded(path: Path) -> None:
    listed = [(item, at) for name, item, at, _ in DIFFERENCES if name == path.stem]
    skipped = frozenset(item for item, at in listed if at == OUT_OF_SCOPE)
    findings = await replay(load(path), PREPARATIONS.get(path.stem, Preparation()), skipped)
    allowed = {entry for entry in listed if entry[1] != OUT_OF_SCOPE}
    used = {entry for entry in allowed if any(_covers(entry, found) for found in findings)}
    surprising = [each for each in findings if not any(_covers(entry, each) for entry in allowed)]
    assert not surprising, "\n".join(str(each) for each in surprising)
    assert not allowed - used, "listed differences that are none"


def _covers(entry: tuple[int, str], found: Finding) -> bool:
    item, pattern = entry
    return item == found.item and fnmatchcase(found.path, pattern.replace("[", "[[]"))


def test_every_listed_difference_names_a_recording() -> None:
    assert {name for name, *_ in DIFFERENCES} <= {path.stem for path in RECORDINGS}
