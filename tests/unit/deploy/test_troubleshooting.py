"""docs/troubleshooting.md names reasons that there are, and all that a human meets."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import aci_operator
from aci_operator.api import reasons

CODE = Path(aci_operator.__file__).parent
PAGE = (Path(__file__).parents[3] / "docs" / "troubleshooting.md").read_text()
FOLDERS = ("kinds/container_group", "kinds/key_vault_access", "reconcile")
TOLD_BY = ("Stall", "InTheWay", "Finding", "Cause", "Mood")
"""What is built to tell a human something: the first argument is the reason, or holds it."""
VALUES = "Full ObserveOnly Adopt Auto Correct Delete Replace Retain AfterAccess Never OnFailure"
CONDITIONS = "AccessEffective Paused Stalled Synced"
WORDS = {*VALUES.split(), *CONDITIONS.split()}
"""Words in backticks that look like reasons, and are values or conditions."""


def told() -> set[str]:
    """Give the reasons that the code of groups and grants stalls with, warns of or explains."""
    files = [file for folder in FOLDERS for file in (CODE / folder).glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    calls = [n for n in nodes if isinstance(n, ast.Call) and ast.unparse(n.func) in TOLD_BY]
    firsts = [ast.unparse(call.args[0]) for call in calls if call.args]
    return {
        str(getattr(reasons, name)) for t in firsts for name in re.findall(r"reasons\.(\w+)", t)
    }


def named() -> set[str]:
    """Give the words in backticks that look like reasons."""
    return set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`", PAGE))


def test_every_reason_that_the_page_names_is_one() -> None:
    known = named() & set(reasons.ALL)
    assert (named() - known - WORDS, len(known) > 60) == (set(), True)


def test_every_reason_that_asks_for_a_human_is_on_the_page() -> None:
    assert told() - named() == set()
