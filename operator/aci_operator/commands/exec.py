"""`aci-operator exec`: one command in a container, by its ContainerGroup's name."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from aci_operator.azure.errors import AzureError
from aci_operator.azure.exec import SHELL
from aci_operator.commands import signing
from aci_operator.commands.connection import connected
from aci_operator.commands.containers import Container, Refused, find
from aci_operator.kube.client import Kube

ACTION = "Microsoft.ContainerInstance/containerGroups/containers/exec/action"
"""What the call needs; deploy/azure-role-exec.json."""
LINE_BYTES = 4000
"""A terminal takes no longer line (4,096 bytes on Linux)."""
_FAILED = 1
_INTERRUPTED = 130


@click.command()
@click.argument("name")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@signing.options
@click.option("-i", "--stdin", is_flag=True, hidden=True)
@click.option("-t", "--tty", is_flag=True, hidden=True)
def exec(name: str, command: tuple[str, ...], **options: Any) -> None:
    """Run COMMAND (after --) in a container of the ContainerGroup NAME and print the output.

    Azure's exec takes one string and promises nothing of arguments: so it opens /bin/sh and types
    the command into it, quoted. What is printed is what that terminal shows, with the prompt and
    the line: 16 KiB and 60 seconds at most. Azure gives no exit code: 0 here says only that the
    line was typed and the shell has ended. Nothing is interactive; for that there is
    `az container exec`. It acts with your own sign-in to Azure, not the operator's.
    """
    if options["stdin"] or options["tty"]:
        raise click.UsageError("-i and -t are not here; use `az container exec` for a terminal")
    try:
        connected(options["kubeconfig"], lambda kube: _exec(kube, name, command, options))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def line_of(command: Sequence[str]) -> str:
    """Write a command as one line for a shell. Raises Refused for what no line can say. Pure."""
    line = shlex.join(command)
    if any(not letter.isprintable() for letter in line):
        raise Refused("COMMAND holds a line break or control character, which a terminal acts on")
    if len(line.encode()) > LINE_BYTES:
        raise Refused(f"COMMAND is longer than {LINE_BYTES} bytes, the most that one line takes")
    return line


async def _exec(kube: Kube, name: str, command: Sequence[str], options: Mapping[str, Any]) -> int:
    try:
        line = line_of(command)
        container = await find(kube, options["namespace"], name, options["container"])
        if container.windows:
            raise Refused(f"a Windows group has no {SHELL}; use `az container exec`")
        click.echo(await _shown(container, line, options), nl=False, color=True)
    except Refused as error:
        click.echo(f"Error: {error}", err=True)
        return _FAILED
    return 0


async def _shown(container: Container, line: str, options: Mapping[str, Any]) -> str:
    async with signing.signed_in(container.group_id, options) as session:
        try:
            return await session.exec(container.group_id, container.name, line)
        except AzureError as error:
            raise Refused(signing.told(error, ACTION)) from None
