"""What is converted, applied and read back from Azure is what it was."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from cases.templates import report_of
from integration.world import World
from unit.convert.conversions import TEMPLATES

FILES = sorted(TEMPLATES.iterdir())
SOURCE = Path(__file__).parents[2] / "operator"
CONTAINER = {
    "image": "mcr.microsoft.com/azure-cli",
    "command": ["tail", "-f", "/dev/null"],
    "ports": [{"port": "80", "protocol": "Tcp"}],
    "environmentVariables": [{"name": "WORDS", "value": "[concat('a', '-', 'b')]"}],
    "resources": {"requests": {"cpu": "1.0", "memoryInGb": "1.5"}},
}
GROUP = {
    "type": "Microsoft.ContainerInstance/containerGroups",
    "apiVersion": "2023-05-01",
    "name": "[parameters('name')]",
    "location": "[resourceGroup().location]",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "osType": "Linux",
        "restartPolicy": "OnFailure",
        "containers": [{"name": "one", "properties": CONTAINER}],
    },
}
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "parameters": {"name": {"type": "string", "defaultValue": "web"}},
    "resources": [GROUP],
}


async def convert(world: World, *arguments: str) -> dict[str, Any]:
    """Run the command as a person does who is signed in as the account's principal."""
    account = world.account
    signed_in = {
        "PYTHONPATH": str(SOURCE),
        "AZURE_TENANT_ID": account.tenant_id,
        "AZURE_CLIENT_ID": account.client_id,
        "AZURE_CLIENT_SECRET": account.client_secret,
    }
    where: tuple[str, ...] = ("--resource-manager", account.resource_manager)
    where += ("--active-directory", account.active_directory, "--ca-bundle", str(account.ca_file))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "aci_operator", "convert", *arguments, *where, "-o", "json"),
        env={**os.environ, **signed_in},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    report: dict[str, Any] = json.loads(output)
    return report


def group_of(report: dict[str, Any]) -> dict[str, Any]:
    (group,) = report["manifests"]["items"]
    return dict(group["spec"])


async def test_what_recorded_templates_give_is_taken_by_the_api_server(world: World) -> None:
    """One dry run of everything: the API server's errors name the object."""
    files = [path for path in FILES if path.suffix in (".json", ".yaml")]
    reports = [report_of(path, world.group_id) for path in files]
    items = [item for report in reports for item in report["manifests"]["items"]]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    dry = ("--dry-run=server", "--validate=strict")
    told = await world.kubectl("apply", *dry, "-f", "-", stdin=text)
    assert (len(files), told.count("server dry run")) == (17, len(items))


async def test_converted_template_runs_and_reads_back_the_same(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "web.json"
    path.write_text(json.dumps(TEMPLATE))
    await world.apply_samples("base")
    report = await convert(world, str(path), "--resource-group", "my-rg")
    await world.apply(json.dumps(report["manifests"]))
    await world.until_ready("containergroup/web")
    back = group_of(await convert(world, world.container_group_id("web")))
    located = {"resourceGroupRef": {"id": world.group_id}, "location": "eastus"}
    assert back == {**group_of(report), **located}
