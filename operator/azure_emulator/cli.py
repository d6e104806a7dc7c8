"""The console command `azure-emulator`."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from azure_emulator.snapshot import SnapshotError

_GUIDE = """\
Azure is emulated on this machine, until SIGINT or SIGTERM.
  Resource Manager  {resourceManager}
  Entra ID          {activeDirectory}
  control           {control}
  proxy             {proxy}
  CA to trust       {caFile}
  tenant            {tenantId}
  subscription      {subscriptionId}
  service principal {clientId} (Owner); its secret is in {ready_file}
The operator: an AzureAccount with these two endpoints, the CA's text as its bundle, and the service
principal's ID and secret.
Azure SDKs: AZURE_AUTHORITY_HOST={activeDirectory}
  AZURE_TENANT_ID={tenantId} AZURE_CLIENT_ID={clientId}
  AZURE_CLIENT_SECRET (in the file above) SSL_CERT_FILE={caFile} REQUESTS_CA_BUNDLE={caFile}
  credentials with disable_instance_discovery=True, clients with base_url={resourceManager}
Azure CLI: REQUESTS_CA_BUNDLE={caFile}
  az cloud register --name emulator --endpoint-resource-manager {resourceManager}
  az cloud set --name emulator; az config set core.instance_discovery=false
  az login --service-principal --tenant {tenantId} --username {clientId} --password SECRET
Or by Azure's own addresses: HTTPS_PROXY={proxy}, and {caFile} as the CA bundle
(REQUESTS_CA_BUNDLE, SSL_CERT_FILE, CURL_CA_BUNDLE)."""


_OWNER = "azure-emulator-owner"
_SHELL_WARNING = (
    "WARNING: --exec-shell: whoever may exec in a container of this emulated Azure runs commands "
    "on this machine with all your rights. Nothing confines them."
)


@click.command()
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Written (mode 0600) once all listens, removed at the end; DIRECTORY/ready.json if "
    "not given.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address only.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="ARM's port; 0: any free.")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where ca.pem goes; a temporary directory if not given.",
)
@click.option(
    "--snapshot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Read at the start if it is there, written at a clean stop (mode 0600: it holds secret "
    "values, client secrets too).",
)
@click.option(
    "--exec-shell",
    is_flag=True,
    help="Let exec run its commands on this machine, as you. Off by default.",
)
@click.option(
    "--exec-path",
    multiple=True,
    type=click.Path(file_okay=False, exists=True, resolve_path=True),
    help="A folder to look for exec's commands in before PATH; may be given more than once.",
)
def main(
    ready_file: Path | None,
    host: str,
    port: int,
    directory: Path | None,
    snapshot: Path | None,
    **execution: Any,
) -> None:
    """Run an emulated Azure on loopback ports until SIGINT or SIGTERM."""
    _refuse_foreign(host)
    azure = Emulator(Settings(**execution), directory=directory, port=port)
    if azure.settings.exec_shell:
        click.echo(_SHELL_WARNING, err=True)
    try:
        asyncio.run(_run(azure, ready_file, snapshot))
    except (OSError, SnapshotError) as error:
        raise click.ClickException(str(error)) from None


def _refuse_foreign(host: str) -> None:
    """Refuse any address but the one that the emulator listens on: it stands in for a cloud, with
    no protection that a network would need."""
    try:
        fits = host == "localhost" or ipaddress.ip_address(host) == ipaddress.ip_address(
            "127.0.0.1"
        )
    except ValueError:
        fits = False
    if not fits:
        raise click.BadParameter(
            f"the emulator listens on 127.0.0.1 only, not on {host}", param_hint="--host"
        )


async def _run(azure: Emulator, ready_file: Path | None, snapshot: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with azure:
        _load(azure, snapshot)
        path = ready_file or azure.endpoints.ca_file.with_name("ready.json")
        ready = _make_owner(azure)
        with _written(path, ready):
            click.echo(_GUIDE.format(**ready, ready_file=path))
            await stop.wait()
        if snapshot is not None:
            azure.save(snapshot)


def _load(azure: Emulator, snapshot: Path | None) -> None:
    if snapshot is not None and snapshot.exists():
        azure.load(snapshot)


def _make_owner(azure: Emulator) -> dict[str, Any]:
    """Make a service principal that owns every subscription, unless a snapshot brought it, and
    describe it with the rest."""
    directory = azure.cloud.directory
    known = [each for each in directory.principals() if each.display_name == _OWNER]
    secret = directory.secret_of(known[0]) if known else None
    if not known or secret is None:
        secret = secrets.token_urlsafe(24)
        known = [azure.create_service_principal(_OWNER, secret=secret)]
        for subscription in azure.settings.subscription_ids:
            azure.assign_role(known[0].oid, "Owner", f"/subscriptions/{subscription}")
    principal = known[0]
    return {
        **azure.describe(),
        "subscriptionId": azure.settings.subscription_ids[0],
        "clientId": principal.appid,
        "objectId": principal.oid,
        "clientSecret": secret,
    }


@contextlib.contextmanager
def _written(path: Path, ready: dict[str, Any]) -> Iterator[None]:
    """Keep a file, complete from its first moment, while the emulator runs."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(ready, file, indent=1)
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
