"""`aci-operator convert`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from aci_operator.azure.clouds import CLOUDS
from aci_operator.azure.ids import ArmId

from . import documents, live, output
from .conversion import convert as convert_input
from .documents import Unreadable
from .index import Input
from .inputs import Reader
from .place import Place
from .report import Report
from .values import LOCATION, RESOURCE_GROUP, SUBSCRIPTION, TENANT

REFUSED = 1
UNREADABLE = 2


@click.command()
@click.argument("inputs", metavar="FILE|ID...", nargs=-1, required=True)
@click.option(
    "--resource-group",
    metavar="ID|NAME",
    help="Where the resources belong: an ARM ID, or the name of a ResourceGroup object.",
)
@click.option(
    "--location", default=LOCATION, show_default=False, help="For resourceGroup().location."
)
@click.option("--tenant", default=TENANT, show_default=False, help="For subscription().tenantId.")
@click.option("--parameters", type=click.Path(path_type=Path), help="A parameter file of Azure's.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="One parameter.")
@click.option("-o", "--output", "form", default="yaml", type=click.Choice(["yaml", "json"]))
@click.option("--cloud", default="AzurePublic", type=click.Choice(list(CLOUDS)), show_default=True)
@click.option("--resource-manager", help="Where Azure answers, if in none of the clouds.")
@click.option("--active-directory", help="Where tokens are given, if in none of the clouds.")
@click.option(
    "--ca-bundle", type=click.Path(path_type=Path), help="Trust these certificates alone."
)
def convert(inputs: tuple[str, ...], form: str, **options: Any) -> None:
    """Write manifests for what ARM templates, ACI's YAML or groups in Azure describe.

    FILE is an ARM template (JSON), ACI's YAML, what `az container export` wrote, or the body of a
    group; ID is the ARM ID of a group, read with the credential that azure-identity finds.
    Secrets are written without values. Ends with 1 if something was not carried over, and with
    2 if an input cannot be read; both say what.
    """
    report = Report()
    try:
        for found in _read(inputs, report, options):
            convert_input(found, report)
    except Unreadable as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(UNREADABLE)
    click.echo(output.as_json(report) if form == "json" else output.as_yaml(report), nl=False)
    for line in output.told(report):
        click.echo(line, err=True)
    sys.exit(REFUSED if report.refused else 0)


def _read(inputs: Sequence[str], report: Report, options: dict[str, Any]) -> list[Input]:
    reader = _reader(report, options)
    found: list[Input] = []
    for name in inputs:
        if name.lower().startswith("/subscriptions/"):
            body = asyncio.run(live.read(name, live.endpoints(options)))
            found.append(reader.body(body, "group"))
        else:
            found += reader.file(Path(name))
    return found


def _reader(report: Report, options: dict[str, Any]) -> Reader:
    given = documents.parameters(options["parameters"]) if options["parameters"] else {}
    given |= dict(documents.setting(text) for text in options["settings"])
    wanted = options["resource_group"]
    subscription, group, reference = SUBSCRIPTION, RESOURCE_GROUP, None
    if wanted and wanted.startswith("/"):
        arm = _group_id(wanted)
        subscription, group, reference = arm.subscription, arm.name, {"id": str(arm)}
    elif wanted:
        reference = {"name": wanted}
    place = Place(subscription, group, options["location"], options["tenant"])
    return Reader(report, place, reference, given)


def _group_id(text: str) -> ArmId:
    try:
        arm = ArmId.parse(text)
    except ValueError as error:
        raise Unreadable(f"--resource-group {error}") from None
    if arm.full_type != "resourceGroups":
        raise Unreadable(f"--resource-group {text}: not the ARM ID of a resource group")
    return arm
