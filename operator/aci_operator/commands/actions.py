"""Which actions of Azure the operator takes in a resource group, and what a caller lacks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

PERMISSIONS = "Microsoft.Authorization/permissions/read"
"""By this one `check` itself asks; that Azure wants it is inferred. Each role that may stand alone
at its scope has it."""
NEEDED = (
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.ContainerInstance/containerGroups/read",
    "Microsoft.ContainerInstance/containerGroups/write",
    "Microsoft.ContainerInstance/containerGroups/delete",
    "Microsoft.ContainerInstance/containerGroups/start/action",
    "Microsoft.ContainerInstance/containerGroups/stop/action",
    "Microsoft.ContainerInstance/containerGroups/restart/action",
    "Microsoft.ManagedIdentity/userAssignedIdentities/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/write",
    "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    "Microsoft.KeyVault/vaults/read",
    "Microsoft.KeyVault/vaults/write",
    "Microsoft.KeyVault/vaults/delete",
    PERMISSIONS,
)
"""Those of `deploy/azure-role.json`, which no installed operator has beside it; a test compares."""
POLICIES = ("Microsoft.KeyVault/vaults/accessPolicies/write",)
ROLES = (
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
)
NAMES = ("Microsoft.Authorization/roleDefinitions/read",)
"""To look up a role by a name that the operator does not know by itself."""
GRANTS = (*POLICIES, *ROLES, *NAMES)
"""Those of `deploy/azure-role-grants.json`."""
GROUPS = (
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Resources/subscriptions/resourceGroups/delete",
    "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
    PERMISSIONS,
)
"""Those of `deploy/azure-role-subscription.json` that resource groups ask for."""
DELETED = ("Microsoft.KeyVault/locations/deletedVaults/read",)
"""To see whether a deleted vault holds a name: asked only when the name is refused."""
PURGE = (*DELETED, "Microsoft.KeyVault/locations/deletedVaults/purge/action")
CAPABILITIES = ("Microsoft.ContainerInstance/locations/capabilities/read",)
"""To warn of a GPU that a region lacks: nothing fails without it, so `check` does not ask."""
EXEC = ("Microsoft.ContainerInstance/containerGroups/containers/exec/action",)
"""That of `deploy/azure-role-exec.json`, for probes."""
JOIN = ("Microsoft.Network/virtualNetworks/subnets/join/action",)
NETWORK = (*JOIN, "Microsoft.Network/virtualNetworks/subnets/read", PERMISSIONS)
"""Those of `deploy/azure-role-network.json`. To read a subnet serves a warning alone, so `check`
does not ask for it."""
SECRETS = (
    "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    "Microsoft.KeyVault/vaults/secrets/setSecret/action",
    "Microsoft.KeyVault/vaults/secrets/update/action",
    "Microsoft.KeyVault/vaults/secrets/delete",
    "Microsoft.KeyVault/vaults/secrets/recover/action",
)
"""The data actions of `deploy/azure-role-secrets.json`."""


def lacking(
    permissions: Sequence[Mapping[str, Any]], actions: Sequence[str], *, data: bool = False
) -> list[str]:
    """List the actions that no permission gives.

    `permissions` are `{actions, notActions, dataActions, notDataActions}` as ARM answers them;
    `data` asks for data actions. A permission's exceptions narrow that permission only, and the
    letter case does not matter.
    """
    names = ("dataActions", "notDataActions") if data else ("actions", "notActions")
    return [each for each in actions if not any(_gives(p, names, each) for p in permissions)]


def _gives(permission: Mapping[str, Any], names: tuple[str, str], action: str) -> bool:
    granted, excepted = (permission.get(name) or () for name in names)
    return _among(granted, action) and not _among(excepted, action)


def _among(patterns: Sequence[str], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    """Read `*` as anything, and between two slashes as nothing at all too.

    By `userAssignedIdentities/*/assign/action` of Managed Identity Operator one may do
    `userAssignedIdentities/assign/action` (azure.md section 2).
    """
    literal = re.escape(pattern).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*")
    return re.compile(literal, re.IGNORECASE | re.DOTALL)
