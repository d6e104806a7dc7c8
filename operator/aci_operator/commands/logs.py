"""`aci-operator logs`: a container's log, by its ContainerGroup's name."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from aci_operator.azure.errors import Absent, AzureError
from aci_operator.commands import following, signing
from aci_operator.commands.connection import connected
from aci_operator.commands.containers import Container, Refused, find
from aci_operator.kube.client import Kube

ACTION = "Microsoft.ContainerInstance/containerGroups/containers/logs/read"
"""What the call needs, as ARM derives it from the path."""
_FAILED = 1
_INTERRUPTED = 130


@click.command()
@click.argument("name")
@signing.options
@click.option("--tail", type=click.IntRange(1), help="Only the last lines.")
@click.option("--timestamps", is_flag=True, help="Put the time before each line.")
@click.option(
    "-f",
    "--follow",
    is_flag=True,
    help="Go on: ask again every 5 seconds (Azure streams no log) and print what is new, until the "
    "group has ended or is gone, for 24 hours at most.",
)
def logs(name: str, **options: Any) -> None:
    """Print the log of a container of the ContainerGroup NAME.

    The object is read with your kubeconfig, the log with your own sign-in to Azure (`az login` or
    what else azure-identity finds), not the operator's. Azure keeps 4 MB while a container runs,
    16 KB or 1,000 lines afterwards. Exit code 1 if there is no log to be had, 2 if the API server
    could not be asked.
    """
    try:
        connected(options["kubeconfig"], lambda kube: _logs(kube, name, options))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


async def _logs(kube: Kube, name: str, options: Mapping[str, Any]) -> int:
    try:
        container = await find(kube, options["namespace"], name, options["container"])
        await _print(container, options)
    except Refused as error:
        click.echo(f"Error: {error}", err=True)
        return _FAILED
    return 0


async def _print(container: Container, options: Mapping[str, Any]) -> None:
    async with signing.signed_in(container.group_id, options) as session:
        groups, wanted = session.container_groups, (options["tail"], options["timestamps"])
        try:
            if options["follow"]:
                await following.follow(groups, container, wanted, following.show)
            else:
                text = await groups.logs(container.group_id, container.name, *wanted)
                following.show(text)
        except AzureError as error:
            raise Refused(_told(error, container)) from None


def _told(error: AzureError, container: Container) -> str:
    text = signing.told(error, ACTION)
    if error.code in following.NOT_YET:
        return f"{text}\nContainer {container.name} has not started: try again, or use --follow."
    if isinstance(error, Absent):
        return f"{text}\nAzure has no such group or container now: {container.group_id}"
    return text
