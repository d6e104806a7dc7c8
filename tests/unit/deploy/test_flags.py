"""The options that the pages name are there."""

from __future__ import annotations

import re
from pathlib import Path

import click

from aci_operator.__main__ import main
from azure_emulator.cli import main as emulator

ROOT = Path(__file__).parents[3]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
OTHERS = {
    "--scope": "az container create",
    "--assign-identity": "az container create",
    "--os-type": "az container create",
    "--enable-rbac-authorization": "az keyvault create",
    "--unsafe-no-fsync": "etcd",
    "--lease-": "a beginning of several",
}
"""Options of other programs, with whose they are."""


def known() -> set[str]:
    """Give the options of our own commands."""
    commands = [*main.commands.values(), emulator]
    options = [each for each in (p for c in commands for p in c.params)]
    return {name for option in options for name in (*option.opts, *option.secondary_opts)}


def test_every_option_that_a_page_names_is_one() -> None:
    named = {name for page in PAGES for name in re.findall(r"`(--[a-z][a-z-]*)", page.read_text())}
    assert named - known() == set(OTHERS)


def test_every_variable_that_a_page_names_is_one() -> None:
    run = main.commands["run"]
    variables = [p.envvar for p in run.params if isinstance(p, click.Option) and p.envvar]
    ours = {name for each in variables for name in ([each] if isinstance(each, str) else each)}
    named = {v for p in PAGES for v in re.findall(r"\bACI_OPERATOR_[A-Z_]*[A-Z]", p.read_text())}
    assert named - ours == set()
