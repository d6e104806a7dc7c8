"""What no schema can say: which names mean something in the world of the walks.

A path is below spec: `containers[].image`; `tags{}` is the name of a member of a map. In a value
`@token@` stands for the walk's own name, `@group@` and `@subnets@` for ARM IDs, `@oid@` for a
principal that Entra knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

IDENTITY = "@group@/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-b"
AMOUNTS = (0.5, 1, 1.5, 2)
SECRETS = (
    {"name": "s", "key": "one"},
    {"name": "s", "key": "two"},
    {"name": "s", "key": "one"},
    {"name": "s", "key": "two"},
    {"name": "s", "key": "bytes"},
    {"name": "s", "key": "none"},
    {"name": "not-there", "key": "one"},
    {"name": "../../kube-system/secrets/s", "key": "one"},
)
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
CONDITION = (
    "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'one'"
)
VAULT = {"keyVaultRef": {"name": "@vault@"}}
GRANTS: tuple[list[Any], ...] = (
    [{**VAULT, "permissions": {"secrets": ["get"], "keys": ["get", "list"]}}],
    [
        {**VAULT, "permissions": {"secrets": ["get", "list"]}, "mode": "Auto"},
        {**VAULT, "permissions": {"certificates": ["get"], "keys": ["get"]}},
    ],
    [{**VAULT, "permissions": {"secrets": ["set"]}, "mode": "RBAC"}],
)
"""Grants inside a group, on the vault that is its walk's own."""
IDENTITIES = ({"name": "id-a"}, {"name": "id-b"}, {"id": IDENTITY})
DURATIONS = ("1s", "30s", "10m", "1h30m", "24h", "25h")

ANYWHERE: dict[str, tuple[Any, ...]] = {
    r"azureName": ("@token@",),
    r"accountRef": ({"kind": "AzureAccount", "name": "azure"},),
    r"location": ("eastus", "West US", "northeurope"),
    r"resourceGroupRef": ({"name": "my-rg"}, {"id": "@group@"}),
    r"tags\{\}": ("team", "Team", "cost-centre", "a b", "ü", "x" * 60, "a.b[c]", "hidden-title"),
    r"operator\.(poll|health)Interval": DURATIONS,
    r"operator\.ignoreDrift\[\]": ("tags", "tags.team", "containers[*].image", "nonsense"),
    r".*secretKeyRef": SECRETS,
    r"(.*\.)?image": ("mcr.microsoft.com/azure-cli", "example.azurecr.io/web:1", "i"),
    r"(initContainers|containers)\[\]\.name": ("c-a", "c-b", "c-c"),
    r".*resources\.\w+\.(cpu|memoryInGB)": AMOUNTS,
    r".*\.port": (80, 443, 8080),
    r"ipAddress\.dnsNameLabel": ("@token@-one", "@token@-two"),
    r"identity\.userAssigned\[\]": (*IDENTITIES, *IDENTITIES, {"name": "not-there"}),
    r"imageRegistryCredentials\[\]\.server": ("a.example", "b.example"),
    r"networkAcls\.ipRules\[\]\.value": ("203.0.113.7", "203.0.113.0/24", "10.9.0.1/32"),
    r"networkAcls\.virtualNetworkRules\[\]\.id": ("@subnets@/One", "@subnets@/two"),
    r"principal\.containerGroupRef": (
        {"name": "holder"},
        {"name": "holder"},
        {"name": "not-there"},
    ),
    r"principal\.userAssignedIdentityRef": (*IDENTITIES, {"name": "not-there"}),
    r"principal\.principalId": ("@oid@",),
}
OF_KIND: dict[str, dict[str, tuple[Any, ...]]] = {
    "KeyVaultSecret": {r"keyVaultRef": ({"name": "pol-vault"}, {"name": "rbac-vault"})},
    "KeyVaultAccess": {r"keyVaultRef": ({"name": "@token@v"},)},
    "RoleAssignment": {
        r"scope\.resourceGroupRef": ({"name": "my-rg"}, {"id": "@group@"}),
        r"scope\.keyVaultRef": (
            *({"name": "pol-vault"}, {"name": "rbac-vault"}, {"name": "not-there"}),
            {"id": "@group@/providers/Microsoft.KeyVault/vaults/rbac-vault"},
        ),
        r"scope\.userAssignedIdentityRef": (*IDENTITIES, {"name": "not-there"}),
        r"scope\.containerGroupRef": (
            {"name": "holder"},
            {"name": "holder"},
            {"name": "not-there"},
        ),
        r"scope\.id": (
            *("@subscription@", "@group@", "@group@/", IDENTITY),
            "@group@/providers/Microsoft.Storage/storageAccounts/one",
        ),
        r"roleName": (
            "Reader",
            "Contributor",
            "Storage Blob Data Reader",
            "reader",
            "No such role",
        ),
        r"roleDefinitionId": (
            READER,
            f"@subscription@/providers/Microsoft.Authorization/roleDefinitions/{READER}",
            f"/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER}",
            SECRETS_USER.upper(),
        ),
        r"principal\.userAssignedIdentityRef": (
            *({"name": "@token@i"}, {"name": "@token@j"}, {"name": "not-there"}),
            {"name": "@token@i"},
            {"id": f"{IDENTITY.rpartition('/')[0]}/@token@j"},
        ),
        r"principal\.containerGroupRef": (*[{"name": "@token@g"}] * 3, {"name": "not-there"}),
        r"condition": (CONDITION, CONDITION.replace("'one'", "'two'")),
    },
    "ContainerGroup": {
        r"operator\.keyVaultAccess": GRANTS,
        r"operator\.injectIdentityRef": IDENTITIES,
        r"osType": ("Linux", "Linux", "Linux", "Windows"),
    },
}

EASE: dict[str, tuple[str, dict[str, Any]]] = {
    "KeyVaultSecret": ("valueFrom", {"secretKeyRef": SECRETS[0]}),
    "ContainerGroup": ("operator", {"update": "Replace"}),
}
"""Of a kind, a field and what it holds when nothing shall be in the way."""


def choices(kind: str, path: str) -> tuple[Any, ...]:
    """Give the values that make sense at a path; none where the schema alone decides."""
    for hints in (OF_KIND.get(kind, {}), ANYWHERE):
        for expression, values in hints.items():
            if re.fullmatch(expression, path):
                return values
    return ()


def easier(random: Random, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Mostly take away what would keep any value of such a spec from Azure."""
    if kind not in EASE or random.random() < 0.3:
        return spec
    name, value = EASE[kind]
    held = spec.get(name)
    return {**spec, name: {**held, **value} if isinstance(held, dict) else value}


def settled(value: Any, words: Mapping[str, str]) -> Any:
    """Put what the words stand for in their place: `{"token": "cg-1"}`."""
    told = json.dumps(value)
    for name, meant in words.items():
        told = told.replace(f"@{name}@", meant)
    return json.loads(told)


def agree(random: Random, spec: dict[str, Any]) -> dict[str, Any]:
    """Make an identity agree with its list, and with what names one of it, as people write them."""
    if random.random() < 0.05:
        return spec
    policy = spec.get("operator") or {}
    asks = "containers" in spec and (policy.get("injectIdentity") or policy.get("keyVaultAccess"))
    identity = spec.get("identity")
    if asks and str((identity or {}).get("type", "None")) == "None":
        identity = {"type": random.choice(("SystemAssigned", "UserAssigned"))}
    if not isinstance(identity, dict):
        return spec
    named = {**identity}
    if "UserAssigned" not in str(identity.get("type")):
        named.pop("userAssigned", None)
    elif not identity.get("userAssigned"):
        named["userAssigned"] = [random.choice(IDENTITIES)]
    if named.get("userAssigned") and (policy.get("injectIdentityRef") or asks):
        policy = {**policy, "injectIdentityRef": random.choice(named["userAssigned"])}
    return {**spec, "identity": named, **({"operator": policy} if policy else {})}
