"""Which actions of Azure the operator takes in a resource group, and what a caller lacks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

NEEDED = (
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.ContainerInstance/containerGroups/read",
    "Microsoft.ContainerInstance/containerGroups/write",
    "Microsoft.ContainerInstance/containerGroups/delete",
    "Microsoft.ManagedIdentity/userAssignedIdentities/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/write",
    "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    "Microsoft.KeyVault/vaults/read",
    "Microsoft.KeyVault/vaults/write",
    "Microsoft.KeyVault/vaults/delete",
)
"""Those of `deploy/azure-role.json`, which no installed operator has beside it; a test compares."""


def lacking(permissions: Sequence[Mapping[str, Any]], actions: Sequence[str]) -> list[str]:
    """List the actions that no permission gives.

    `permissions` are `{actions, notActions}` as ARM answers them. A permission's exceptions narrow
    that permission only, and the letter case does not matter.
    """
    return [action for action in actions if not any(_gives(each, action) for each in permissions)]


def _gives(permission: Mapping[str, Any], action: str) -> bool:
    granted, excepted = permission.get("actions") or (), permission.get("notActions") or ()
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
