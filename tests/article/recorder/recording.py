"""A recording of the article's story, in the format that the replay of recorded traffic takes."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from article.recorder.scrub import TOKEN, Scrub

SOURCE = "tests/article, told to Azure by the Azure CLI"
_HOOK = Path(__file__).with_name("in_cli")
_TESTS = Path(__file__).parents[2]
_STANDS_FOR_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_STANDS_FOR_TENANT = "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a"


class Leak(Exception):
    """A recording holds what it must not hold, and was not written."""


@dataclass
class Recorder:
    """Has the Azure CLI write down what it says to Azure, scrubbed before it reaches the disk.

    `folder` takes its files; `names` are texts of this run and what stands for them.
    """

    folder: Path
    names: Mapping[str, str]
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        known = {"names": dict(self.names), "key": self.key.hex()}
        with open(os.open(self._known, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(known, file)

    @property
    def scrub(self) -> Scrub:
        """What is taken out."""
        return Scrub(self.names, self.key)

    def environ(self) -> dict[str, str]:
        """Give the variables by which the CLI's Python records."""
        return {
            "PYTHONPATH": f"{_HOOK}{os.pathsep}{_TESTS}",
            "ARTICLE_RECORDING": str(self._lines),
            "ARTICLE_SCRUB": str(self._known),
        }

    def write(self, path: Path, note: str, forbidden: Iterable[str]) -> None:
        """Write the recording.

        Raises Leak, without writing, if a forbidden text or anything like a token stands in it.
        """
        lines = self._lines.read_text().splitlines() if self._lines.exists() else []
        interactions = [{"n": n, **json.loads(line)} for n, line in enumerate(lines)]
        recording = {"source": SOURCE, "note": note, "interactions": interactions}
        text = json.dumps(recording, indent=1) + "\n"
        check(text, forbidden)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @property
    def _lines(self) -> Path:
        return self.folder / "exchanges.jsonl"

    @property
    def _known(self) -> Path:
        return self.folder / "scrub.json"


def check(text: str, forbidden: Iterable[str]) -> None:
    """Raise Leak if one of these texts, or anything like a token, stands in a text.

    The error says which by its place in the list, not by itself.
    """
    lowered = text.lower()
    for place, each in enumerate(forbidden):
        if each and each.lower() in lowered:
            raise Leak(f"text {place} of what must not leave stands in the recording")
    if TOKEN.search(text):
        raise Leak("a token stands in the recording")


def stands_for(subscription_id: str, tenant_id: str) -> dict[str, str]:
    """Give what the replay knows in the place of a subscription and a tenant."""
    return {subscription_id: _STANDS_FOR_SUBSCRIPTION, tenant_id: _STANDS_FOR_TENANT}


def interactions(path: Path) -> list[dict[str, Any]]:
    """Read the exchanges of a recording."""
    found: list[dict[str, Any]] = json.loads(path.read_text())["interactions"]
    return found
