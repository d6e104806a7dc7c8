"""The custom roles of `deploy`, and which right each call to Azure takes.

The rights are those that Azure's own lists of operations name (azure.md sections 2, 10 and 11).
"""

from __future__ import annotations

import json
import re
from typing import Any

from azure_emulator.calls import Call
from stage.install import ROOT

FILES = ("azure-role", "azure-role-grants", "azure-role-subscription", "azure-role-secrets")
_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
_VERBS = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_PROVIDERS = (
    ("Microsoft.ContainerInstance", "containerGroups"),
    ("Microsoft.ManagedIdentity", "userAssignedIdentities"),
    ("Microsoft.KeyVault", "vaults"),
)
_BY_SEGMENT = {
    "/roleDefinitions": "Microsoft.Authorization/roleDefinitions",
    "/roleAssignments": "Microsoft.Authorization/roleAssignments",
    "/Microsoft.Authorization/permissions": "Microsoft.Authorization/permissions",
    "/deletedVaults/": "Microsoft.KeyVault/locations/deletedVaults",
    "/accessPolicies/": "Microsoft.KeyVault/vaults/accessPolicies",
    "/capabilities": "Microsoft.ContainerInstance/locations/capabilities",
}
_SECRETS = {
    ("PUT", "secrets"): "setSecret/action",
    ("PATCH", "secrets"): "update/action",
    ("DELETE", "secrets"): "delete",
    ("GET", "secrets"): "readMetadata/action",
    ("GET", "deletedsecrets"): "readMetadata/action",
    ("POST", "deletedsecrets"): "recover/action",
}


def shipped(name: str) -> dict[str, Any]:
    """Read a role as `az role definition create` takes it."""
    role: dict[str, Any] = json.loads((ROOT / f"deploy/{name}.json").read_text())
    return role


def definition(name: str, number: int) -> dict[str, Any]:
    """Give a shipped role as the emulated Azure takes it at its start."""
    role = shipped(name)
    permission = {
        "actions": role["Actions"],
        "notActions": role["NotActions"],
        "dataActions": role["DataActions"],
        "notDataActions": role["NotDataActions"],
    }
    return {
        "name": f"00000000-0000-0000-0000-00000000000{number}",
        "roleName": role["Name"],
        "description": role["Description"],
        "permissions": [permission],
    }


def rights_of(call: Call) -> set[str]:
    """Give what a caller needs for a call. Raises ValueError for one that is in no list."""
    path = call.path.partition("?")[0]
    if call.surface == "vault":
        kind = path.strip("/").split("/")[0]
        return {f"Microsoft.KeyVault/vaults/secrets/{_SECRETS[call.method, kind]}"}
    if call.method == "POST":
        return {_posted(path)}
    return {_action(call.method, path)} | _linked(call)


def _action(method: str, path: str) -> str:
    verb = _VERBS[method]
    for segment, type_ in _BY_SEGMENT.items():
        if segment in path:
            return f"{type_}/{verb}"
    for provider, type_ in _PROVIDERS:
        if re.search(f"/providers/{provider}/{type_}(/[^/]+)?$", path, re.IGNORECASE):
            return f"{provider}/{type_}/{verb}"
    if re.fullmatch(r"/subscriptions/[^/]+/resourcegroups/[^/]+", path, re.IGNORECASE):
        return f"{_GROUPS}/{verb}"
    if path.endswith("/resources"):
        return f"{_GROUPS}/resources/read"
    raise ValueError(f"no right is known for {method} {path}")


def _posted(path: str) -> str:
    if path.endswith("/purge"):
        return "Microsoft.KeyVault/locations/deletedVaults/purge/action"
    found = re.search(r"/containerGroups/[^/]+/(start|stop|restart)$", path, re.IGNORECASE)
    if found is None:
        raise ValueError(f"no right is known for POST {path}")
    return f"Microsoft.ContainerInstance/containerGroups/{found[1]}/action"


def _linked(call: Call) -> set[str]:
    """A body that names identities takes the right to assign them."""
    identity = (call.body or {}).get("identity") or {}
    if call.method == "PUT" and identity.get("userAssignedIdentities"):
        return {"Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"}
    return set()
