"""Run the command, and look at what came out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from aci_operator.__main__ import main

TEMPLATES = Path(__file__).parent / "templates"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg1"
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def run(*arguments: str | Path) -> Result:
    """Run `aci-operator convert`."""
    return CliRunner().invoke(main, ["convert", *map(str, arguments)])


def converted(*arguments: str | Path, group: str = GROUP) -> dict[str, Any]:
    """Convert, and give the JSON report with the exit code as `code`."""
    result = run(*arguments, "--resource-group", group, "-o", "json")
    return {**json.loads(result.stdout), "code": result.exit_code}


def template(folder: Path, *resources: dict[str, Any], **rest: Any) -> Path:
    """Write a template to a file."""
    path = folder / "template.json"
    path.write_text(json.dumps({"$schema": SCHEMA, "resources": list(resources), **rest}))
    return path


def group(name: str = "web", **rest: Any) -> dict[str, Any]:
    """Give a container group's resource."""
    container = {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
    return {
        "type": "Microsoft.ContainerInstance/containerGroups",
        "apiVersion": "2023-05-01",
        "name": name,
        "properties": {
            "osType": "Linux",
            "containers": [{"name": "web", "properties": container}],
            **rest.pop("properties", {}),
        },
        **rest,
    }


def spec(report: dict[str, Any], kind: str = "ContainerGroup") -> dict[str, Any]:
    """Give the spec of the only object of a kind."""
    (found,) = [item for item in report["manifests"]["items"] if item["kind"] == kind]
    return dict(found["spec"])


def reasons(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Give path and reason of everything that was refused."""
    return [(line["path"], line["reason"]) for line in report["refused"]]
