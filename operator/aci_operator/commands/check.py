"""`aci-operator check`: is there what the operator needs?"""

from __future__ import annotations

from pathlib import Path

import click

from aci_operator.azure.account import AccountSettings
from aci_operator.azure.proxy import Proxy
from aci_operator.azure.session import Session
from aci_operator.commands import checking
from aci_operator.commands.connection import connected
from aci_operator.commands.findings import as_json, as_table, exit_code
from aci_operator.kube.client import Kube
from aci_operator.reconcile.sessions import Sessions


@click.command()
@click.option(
    "--kubeconfig",
    envvar="KUBECONFIG",
    type=click.Path(path_type=Path),
    help="Default: kubectl's own file, or in a pod its ServiceAccount.",
)
@click.option("-n", "--namespace", help="AzureAccounts of this namespace.")
@click.option("-A", "--all-namespaces", is_flag=True, help="AzureAccounts of all namespaces.")
@click.option("--operator-namespace", default="aci-operator-system", show_default=True)
@click.option("--azure-proxy", envvar=["ACI_OPERATOR_AZURE_PROXY", "HTTPS_PROXY", "https_proxy"])
@click.option(
    "--azure-no-proxy",
    default="",
    envvar=["ACI_OPERATOR_AZURE_NO_PROXY", "NO_PROXY", "no_proxy"],
)
@click.option("-o", "--output", default="table", type=click.Choice(["table", "json"]))
def check(
    kubeconfig: Path | None,
    namespace: str | None,
    all_namespaces: bool,
    operator_namespace: str,
    output: str,
    **proxies: str | None,
) -> None:
    """Check CRDs, and of each account its hosts, token, rights and providers.

    Cluster-scoped accounts are always checked. Exit code 0 if all is well, 1 if something is
    missing, 2 if something could not be asked.
    """
    if bool(namespace) == all_namespaces:
        raise click.UsageError("name either --namespace or --all-namespaces")
    proxy = _proxy(proxies["azure_proxy"], proxies["azure_no_proxy"] or "")

    async def open_session(settings: AccountSettings) -> Session:
        return await Session.open(settings, proxy=proxy)

    async def work(kube: Kube) -> int:
        findings = await checking.crds(kube)
        sessions = Sessions(kube, open_session, operator_namespace)
        try:
            users = await checking.users(kube, namespace)
            for each in await checking.accounts(kube, namespace):
                findings += await checking.account(sessions, each, users)
        finally:
            await sessions.close()
        click.echo(as_json(findings) if output == "json" else as_table(findings))
        return exit_code(findings)

    connected(kubeconfig, work)


def _proxy(url: str | None, no_proxy: str) -> Proxy | None:
    try:
        return Proxy.parse(url, no_proxy) if url else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--azure-proxy") from None
