"""`aci-operator strip-finalizers`: lets objects go when the operator is gone for good."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aci_operator.commands import stripping
from aci_operator.commands.connection import connected
from aci_operator.commands.stripping import STRIPPABLE, Held
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import KubeError

_NOT_ALL = 1


@click.command("strip-finalizers")
@click.option(
    "--kubeconfig",
    envvar="KUBECONFIG",
    type=click.Path(path_type=Path),
    help="Default: kubectl's own file, or in a pod its ServiceAccount.",
)
@click.option("-n", "--namespace", help="Objects of this namespace.")
@click.option("-A", "--all-namespaces", is_flag=True, help="All, and cluster-scoped ones.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(STRIPPABLE, case_sensitive=False),
    help="Only this kind; may be given several times. Default: all.",
)
@click.option("--yes", is_flag=True, help="Do it. Without it, only what would be done is shown.")
def strip_finalizers(
    kubeconfig: Path | None,
    namespace: str | None,
    all_namespaces: bool,
    kinds: tuple[str, ...],
    yes: bool,
) -> None:
    """Take the operator's finalizer off its objects, for when the operator is gone for good.

    Nothing is deleted in Azure: what stays behind there is listed. Exit code 0 if all went, 1 if
    something is still held, 2 if the API server could not be asked.
    """
    if bool(namespace) == all_namespaces:
        raise click.UsageError("name either --namespace or --all-namespaces")
    connected(kubeconfig, lambda kube: _strip(kube, namespace, kinds or STRIPPABLE, yes))


async def _strip(kube: Kube, namespace: str | None, kinds: Sequence[str], yes: bool) -> int:
    found = await stripping.find(kube, namespace, kinds)
    failed = [held for held in found if yes and not await _stripped(kube, held)]
    done = [held for held in found if held not in failed]
    for held in done:
        click.echo(f"{held}: finalizer {'removed' if yes else 'would be removed'}")
    _say_what_stays(done)
    if not yes and found:
        click.echo("Nothing was changed. Add --yes once the operator is gone.")
    if not found:
        click.echo("Nothing is held.")
    return _NOT_ALL if failed else 0


async def _stripped(kube: Kube, held: Held) -> bool:
    try:
        await stripping.strip(kube, held)
    except KubeError as error:
        click.echo(f"{held}: still held: {error}", err=True)
        return False
    return True


def _say_what_stays(done: Sequence[Held]) -> None:
    remains = list(dict.fromkeys(each for held in done for each in held.remains))
    if remains:
        click.echo("Stays in Azure:")
        for each in remains:
            click.echo(f"  {each}")
