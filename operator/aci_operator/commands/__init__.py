"""Commands for people: they run beside the operator, or after it, with a person's own rights."""

from __future__ import annotations

import click

from aci_operator.commands.check import check
from aci_operator.commands.exec import exec
from aci_operator.commands.logs import logs
from aci_operator.commands.strip_finalizers import strip_finalizers


def add_to(group: click.Group) -> None:
    """Add these commands to the command line."""
    group.add_command(check)
    group.add_command(exec)
    group.add_command(logs)
    group.add_command(strip_finalizers)
