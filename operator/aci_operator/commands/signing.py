"""A session with Azure as the person who runs a command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from aci_operator.azure.account import AccountSettings
from aci_operator.azure.clouds import CLOUDS
from aci_operator.azure.errors import AzureError, Forbidden, Unauthenticated
from aci_operator.azure.ids import ArmId
from aci_operator.azure.proxy import Proxy
from aci_operator.azure.session import Session
from aci_operator.convert.live import endpoints

from .containers import Refused

Run = TypeVar("Run", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--kubeconfig",
        envvar="KUBECONFIG",
        type=click.Path(path_type=Path),
        help="Default: kubectl's own file, or in a pod its ServiceAccount.",
    ),
    click.option("-n", "--namespace", default="default", show_default=True),
    click.option("-c", "--container", help="Default: the only one."),
    click.option(
        "--cloud", default="AzurePublic", type=click.Choice(list(CLOUDS)), show_default=True
    ),
    click.option("--resource-manager", help="Where Azure answers, if in none of the clouds."),
    click.option("--active-directory", help="Where tokens are given, if in none of the clouds."),
    click.option("--ca-bundle", type=_FILE, help="Trust these certificates alone."),
    click.option(
        "--azure-proxy", envvar=["ACI_OPERATOR_AZURE_PROXY", "HTTPS_PROXY", "https_proxy"]
    ),
    click.option(
        "--azure-no-proxy",
        default="",
        envvar=["ACI_OPERATOR_AZURE_NO_PROXY", "NO_PROXY", "no_proxy"],
    ),
)


def options(run: Run) -> Run:
    """Add what says which cluster, container and Azure a command means."""
    for option in reversed(_OPTIONS):
        run = option(run)
    return run


@asynccontextmanager
async def signed_in(group_id: str, given: Mapping[str, Any]) -> AsyncIterator[Session]:
    """Open a session in a group's subscription, with the credential that azure-identity finds.

    Raises Refused for settings that cannot be read.
    """
    try:
        url = given["azure_proxy"]
        proxy = Proxy.parse(url, given["azure_no_proxy"] or "") if url else None
        subscription = ArmId.parse(group_id).subscription
        account = AccountSettings(subscription, "", "", ambient=True, **endpoints(given))
        session = await Session.open(account, proxy=proxy)
    except (ValueError, OSError) as error:
        raise Refused(str(error)) from None
    try:
        yield session
    finally:
        await session.close()


def told(error: AzureError, action: str) -> str:
    """Say what Azure refused and the way out; `action` is what the call needs."""
    if isinstance(error, Forbidden):
        return f"{error}\nYour own sign-in needs a role with {error.action or action}."
    if isinstance(error, Unauthenticated):
        return f"{error}\nSign in first, for example with `az login`."
    return str(error)
