"""The kinds' pages: what is made from the CRDs is current, and what is written by hand is true."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import aci_operator
from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import ACCOUNTS, KINDS
from kind_pages import pages

ROOT = Path(__file__).parents[3]
ROOMS = Path(aci_operator.__file__).parent / "kinds"
COMMON = {
    conditions.READY,
    conditions.RECONCILING,
    conditions.STALLED,
    conditions.SYNCED,
    conditions.REFERENCES_RESOLVED,
    conditions.DRIFTED,
    conditions.PAUSED,
}
BY_SETTLING = {"KeyVaultAccess", "RoleAssignment"}
"""Kinds whose AccessEffective is said by what they share."""


def text(kind: str) -> str:
    return pages.FILES[kind].read_text()


def first_words(page: str, mark: str) -> set[str]:
    """Give the words in backticks in the first column of the tables with that mark."""
    tables = [part.partition("\n\n")[0] for part in page.split(f"<!-- {mark} -->\n")[1:]]
    rows = [row for table in tables for row in table.splitlines()[2:]]
    return {word for row in rows for word in re.findall("`(.+?)`", row.split("|")[1])}


def trees(kind: str) -> list[ast.AST]:
    folder = ROOMS / pages.page_of(kind).stem.replace("-", "_").removeprefix("cluster_")
    return [ast.parse(path.read_text()) for path in sorted(folder.glob("*.py"))]


def asked_of(kind: str, module: str) -> set[str]:
    """Give the names that the code of a kind asks of a module."""
    nodes = [node for tree in trees(kind) for node in ast.walk(tree)]
    names = [n for n in nodes if isinstance(n, ast.Attribute) and ast.unparse(n.value) == module]
    return {name.attr for name in names}


def stalls(kind: str) -> set[str]:
    """Give the reasons of the Stalls that the code of a kind raises."""
    calls = [n for tree in trees(kind) for n in ast.walk(tree) if isinstance(n, ast.Call)]
    named = [c for c in calls if ast.unparse(c.func) in ("Stall", "InTheWay") and c.args]
    words = [ast.unparse(call.args[0]) for call in named]
    return {str(getattr(reasons, w[8:])) for w in words if w.startswith("reasons.")}


@pytest.mark.parametrize("kind", pages.FILES)
def test_what_a_page_takes_from_the_crd_is_current(kind: str) -> None:
    assert text(kind) == pages.written(kind, text(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_parts_that_every_page_has(kind: str) -> None:
    wanted = ["The smallest one", "Status", "Deletion"]
    wanted += [] if kind in ACCOUNTS else ["Taking over what is there"]
    made = "<!-- status: made from the CRD -->" in text(kind)
    assert ([part for part in wanted if f"\n## {part}\n" not in text(kind)], made) == ([], True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_names_the_conditions_of_its_kind(kind: str) -> None:
    names = asked_of(kind, "conditions") - {"MESSAGE_LIMIT"}
    own = {getattr(conditions, name) for name in names if name.isupper()} - COMMON
    own |= {conditions.ACCESS_EFFECTIVE} if kind in BY_SETTLING else set()
    assert first_words(text(kind), "conditions") == own


@pytest.mark.parametrize("kind", KINDS)
def test_the_refusals_of_a_page_are_reasons(kind: str) -> None:
    named = first_words(text(kind), "reasons")
    known = {word for word in named if word in reasons.ALL}
    assert (named - known, named != set()) == (set(), True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_names_every_reason_for_which_its_kind_stalls(kind: str) -> None:
    assert {reason for reason in stalls(kind) if f"`{reason}`" not in text(kind)} == set()


def samples() -> list[dict[str, Any]]:
    files = sorted((ROOT / "deploy" / "samples").glob("*/*.yaml"))
    return [body for file in files for body in yaml.safe_load_all(file.read_text())]


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_manifest_of_a_page_is_a_sample(kind: str) -> None:
    block = re.findall(r"```yaml\n(.*?)```", text(kind), re.DOTALL)[0]
    shown = list(yaml.safe_load_all(block))
    assert ([body for body in shown if body not in samples()], shown[-1]["kind"]) == ([], kind)
