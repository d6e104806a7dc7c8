"""The command line: `aci-operator run`, `convert`, `emulator`, `version`, and `commands`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any, TypeVar

import click

from aci_operator import commands, handlers, rules, wiring
from aci_operator.azure.proxy import Proxy
from aci_operator.convert.command import convert
from aci_operator.engine.leadership import LeadershipLost, Terms
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import KubeError
from aci_operator.telemetry import logs

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

Run = TypeVar("Run", bound=Callable[..., Any])


@click.group()
def main() -> None:
    """Azure Container Instances with managed identities, as custom resources."""


def _option(name: str, *names: str, **attributes: Any) -> Callable[[Run], Run]:
    """An option that can also be set by ACI_OPERATOR_<NAME>, or by one of `names`."""
    variable = "ACI_OPERATOR_" + name.removeprefix("--").replace("-", "_").upper()
    known = {"show_default": True, "show_envvar": True, **attributes}
    parameter = known.pop("parameter", name.removeprefix("--").replace("-", "_"))
    return click.option(name, parameter, envvar=[variable, *names], **known)


def _namespaces(_: click.Context, option: click.Parameter, text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    wrong = [name for name in names if not _NAMESPACE.fullmatch(name)]
    if wrong:
        raise click.BadParameter(f"{', '.join(wrong)}: no name of a namespace", param=option)
    return names


def _election_options(run: Run) -> Run:
    """The options of the election between replicas."""
    for option in (
        click.option(
            "--leader-elect/--no-leader-elect",
            default=None,
            envvar="ACI_OPERATOR_LEADER_ELECT",
            show_envvar=True,
            help="Let replicas agree on one that acts. Default: in a cluster yes, else no.",
        ),
        _option("--lease-duration", default=15, type=click.IntRange(1), help="Seconds."),
        _option("--lease-renew-deadline", default=10.0, help="Seconds until a leader gives up."),
        _option("--lease-retry-period", default=2.0, help="Seconds between looks at the lease."),
        _option(
            "--azure-write-timeout",
            default=10.0,
            help="Seconds; with an election only, and less than the lease's duration.",
        ),
    ):
        run = option(run)
    return run


@main.command()
@_option("--kubeconfig", "KUBECONFIG", type=click.Path(path_type=Path), help="Default: in-cluster.")
@_option(
    "--namespace",
    parameter="operator_namespace",
    default="aci-operator-system",
    help="The operator's own, where it keeps the key of its hashes.",
)
@_option(
    "--watch-namespaces",
    default="",
    callback=_namespaces,
    help="With commas between; only there is anything done. Default: everywhere.",
)
@_option("--cluster-id", help="First part of the owner tag. Default: uid of kube-system.")
@_option("--workers", default=20, type=click.IntRange(1, 500), help="Passes at the same time.")
@_option("--poll-interval", default=600.0, help="Seconds between looks at a settled object.")
@_option("--health-interval", default=60.0, help="Seconds between looks at running containers.")
@_option("--resync-interval", default=600.0, help="Seconds between lists against missed events.")
@_option("--settle-rbac", default=600.0, help="Seconds until a role is held to have effect.")
@_option("--settle-policy", default=60.0, help="The same for an access policy.")
@_option(
    "--placeholder-image",
    default="mcr.microsoft.com/azure-cli",
    help="What a group runs until its access has effect; it must have tail.",
)
@_option("--health-host", default="127.0.0.1", help="Address for probes and metrics.")
@_option("--health-port", default=8080, type=click.IntRange(0, 65535), help="0: any free port.")
@_option(
    "--azure-proxy",
    "HTTPS_PROXY",
    "https_proxy",
    show_default=False,
    help="HTTP proxy on the way to Azure; not used for Kubernetes.",
)
@click.option(
    "--deletion-guard/--no-deletion-guard",
    default=False,
    show_default=True,
    envvar="ACI_OPERATOR_DELETION_GUARD",
    show_envvar=True,
    help="Hold deletions of more than 20 objects and 20 % of all within five minutes.",
)
@_election_options
@_option(
    "--azure-no-proxy",
    "NO_PROXY",
    "no_proxy",
    default="",
    show_default=False,
    help="Hosts, domains and networks that are reached without it, with commas between.",
)
@_option("--log-level", default="INFO", help="DEBUG, INFO, WARNING or ERROR.")
@_option(
    "--log-format",
    default="json",
    type=click.Choice(["json", "text"]),
    help="One JSON object a line, or text for people.",
)
def run(
    log_level: str,
    log_format: str,
    azure_proxy: str | None,
    azure_no_proxy: str,
    leader_elect: bool | None,
    **settings: Any,
) -> None:
    """Run the operator until SIGTERM."""
    logs.configure(log_level, log_format)
    settings["leader_elect"] = leader_elect
    settings["terms"] = _terms(settings)
    settings["azure_proxy"] = _proxy(azure_proxy, azure_no_proxy)
    try:
        asyncio.run(_run(wiring.Settings(**settings)))
    except (KubeError, handlers.WatchEnded, LeadershipLost, OSError) as error:
        logs.logger(__name__).error("stopped", error=type(error).__name__, message=str(error))
        sys.exit(1)


def _terms(settings: dict[str, Any]) -> Terms:
    names = {"duration": "lease_duration", "deadline": "lease_renew_deadline"}
    names |= {"retry": "lease_retry_period", "write": "azure_write_timeout"}
    try:
        return Terms(**{name: settings.pop(option) for name, option in names.items()})
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _proxy(url: str | None, no_proxy: str) -> Proxy | None:
    try:
        return Proxy.parse(url, no_proxy) if url else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--azure-proxy") from None


async def _run(settings: wiring.Settings) -> None:
    kube = await Kube.open(settings.kubeconfig)
    try:
        await handlers.run(wiring.build(settings, kube, rules.of_kinds()))
    finally:
        await kube.close()


@main.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def emulator(arguments: tuple[str, ...]) -> None:
    """Run the emulated Azure in place of this process; all arguments are its own."""
    os.execv(sys.executable, [sys.executable, "-m", "azure_emulator", *arguments])


main.add_command(convert)


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(version_of("aci-operator"))


commands.add_to(main)

if __name__ == "__main__":
    main()
