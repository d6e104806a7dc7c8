"""What an object leaves in Azure when it goes without the operator. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aci_operator.api.kinds import ACCOUNTS


def remains_of(kind: str, status: Mapping[str, Any]) -> list[str]:
    """List ARM IDs, IDs of secrets, and access policies by vault and principal.

    All from status, where the operator notes each ID before or when it writes to Azure. What
    deletionPolicy Retain would have kept is among them.
    """
    return [] if kind in ACCOUNTS else list(_noted(status))


def _noted(status: Mapping[str, Any]) -> Iterator[str]:
    for name in ("id", "secretId"):
        if status.get(name):
            yield str(status[name])
    for name in ("assignmentIds", "formerIds"):
        yield from (str(each) for each in status.get(name) or ())
    if status.get("accessPolicies"):
        principal = status.get("principalId", "unknown")
        yield f"{status.get('vaultId', 'unknown vault')} (access policy of principal {principal})"
