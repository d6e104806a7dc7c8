"""Which other resources a body refers to: read before the body is known to be sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def assigned_ids(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the user-assigned identities that a body assigns."""
    identity = body.get("identity")
    ids = identity.get("userAssignedIdentities") if isinstance(identity, dict) else None
    return tuple(ids) if isinstance(ids, dict) else ()


def subnet_ids(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the subnets that a body joins."""
    properties = body.get("properties")
    subnets = properties.get("subnetIds") if isinstance(properties, dict) else None
    if not isinstance(subnets, list):
        return ()
    ids = [subnet.get("id") for subnet in subnets if isinstance(subnet, dict)]
    return tuple(one for one in ids if isinstance(one, str))
