"""The templates of the converter's tests, converted and applied on a scene."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from in_process.cluster import JsonObject
from in_process.scene import Scene
from unit.convert.conversions import TEMPLATES, converted

GIVEN = {
    "_artifactsLocation": "https://example.com",
    "containerGroupName": "web",
    "containerName": "web",
    "containergroupname": "web",
    "containername": "one",
    "containername1": "one",
    "containername2": "two",
    "dnsPrefix": "label",
    "dnsnamelabel": "label",
    "environmentVariableName": "NAME",
    "fileShareName": "share",
    "image": "r.azurecr.io/app:1",
    "letsEncryptMail": "a@example.com",
    "location": "eastus",
    "managedIDGroup": "myResourceGroup",
    "managedIDName": "identity-name",
    "name": "web",
    "password": "p",
    "registry": "r.azurecr.io",
    "storageAccountName": "account",
    "username": "u",
    "volumename": "volume1",
}
"""Values for the templates' parameters that have none."""
USERS = ("myResourceGroup/identity-name", "test-rg/container-group-identity")
LOCATIONS = ("eastus", "eastus2", "westus", "westus2")
"""Those that the templates name."""


def report_of(path: Path, group_id: str) -> JsonObject:
    """Convert a file, with values for those of its parameters that need one."""
    known = json.loads(path.read_text()).get("parameters", {}) if path.suffix == ".json" else {}
    needed = [name for name in known if name in GIVEN]
    options = [part for name in needed for part in ("--set", f"{name}={GIVEN[name]}")]
    return converted(path, *options, group=group_id)


async def apply(scene: Scene, report: JsonObject, *earlier: JsonObject) -> None:
    """Fill the Secrets of a report, and of earlier ones; apply its objects, and wait."""
    keys: dict[str, dict[str, str]] = {}
    for secret in (secret for each in (report, *earlier) for secret in each["secrets"]):
        keys.setdefault(secret["name"], {}).update({key["key"]: "{}" for key in secret["keys"]})
    for name, values in keys.items():
        scene.secret(name, **values)
    scene.apply(*(item for item in report["manifests"]["items"] if item["kind"] != "Secret"))
    await scene.settle()


async def body_of(scene: Scene, name: str) -> JsonObject:
    """Convert and apply a template; give the body that was sent."""
    await apply(scene, report_of(TEMPLATES / name, scene.group_id()))
    return sent(scene)


def sent(scene: Scene) -> JsonObject:
    """Give the only body that was sent since the mark, without our tags."""
    (body,) = scene.bodies()
    tags = {name: text for name, text in body["tags"].items() if "aci-operator" not in name}
    return {**body, "tags": tags}


async def users(scene: Scene) -> None:
    """Make the identities that templates name."""
    for group, name in (user.split("/") for user in USERS):
        group_id = await scene.resource_group(group)
        arm_id = f"{group_id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        await scene.stranger.identities.put(arm_id, {"location": "eastus"})


def bare(value: Any) -> Any:
    """Take out what Azure fills in or writes otherwise: the usual sku, lists and maps with nothing
    in them, spaces of a location's name."""
    if isinstance(value, list):
        return [bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {name: bare(item) for name, item in value.items()}
    if "location" in inner:
        inner["location"] = inner["location"].replace(" ", "")
    kept = {
        name: item for name, item in inner.items() if name == "emptyDir" or item not in ([], {})
    }
    return {name: item for name, item in kept.items() if (name, item) != ("sku", "Standard")}
