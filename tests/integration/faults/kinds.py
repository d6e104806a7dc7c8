"""Faults of Azure, and the calls of the operator that they are put on."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

Order = Mapping[str, Any]
"""The fields of the emulator's `Fault`."""

KINDS: Mapping[str, Order] = {
    "throttled": {"status": 429, "code": "TooManyRequests", "headers": {"Retry-After": "5"}},
    "throttled by ARM": {
        "status": 429,
        "code": "SubscriptionRequestsThrottled",
        "headers": {"Retry-After": "3"},
    },
    "transitioning": {"status": 409, "code": "ContainerGroupTransitioning"},
    "conflict": {"status": 409, "code": "ConflictError"},
    "server error": {"status": 500, "code": "InternalServerError"},
    "unavailable": {"status": 503, "code": "ServiceUnavailable", "headers": {"Retry-After": "4"}},
    "gateway time-out": {"status": 504, "code": "GatewayTimeout", "times": 2},
    "lost": {"lost": True},
    "lost twice": {"lost": True, "times": 2},
    "expired token": {"status": 401, "code": "ExpiredAuthenticationToken"},
    "role not there yet": {"status": 403, "code": "AuthorizationFailed"},
}
"""Codes as azure.md section 7 has them; a lost answer is one whose work was done."""

MAKING = (
    ("PUT", "resourcegroups/myResourceGroup"),
    ("PUT", "vaults/mykeyvault"),
    ("PUT", "secrets/SampleSecret"),
    ("PUT", "userAssignedIdentities/myACIId"),
    ("PUT", "accessPolicies/add"),
    ("PUT", "containerGroups/mycontainer-system"),
    ("PUT", "containerGroups/mycontainer"),
    ("PUT", "roleAssignments"),
)
CHANGING = (
    ("PATCH", "containerGroups/mycontainer"),
    ("PUT", "containerGroups/mycontainer"),
    ("PUT", "accessPolicies/add"),
    ("PUT", "roleAssignments"),
    ("DELETE", "roleAssignments"),
)
DELETING = (
    ("DELETE", "roleAssignments"),
    ("DELETE", "secrets/SampleSecret"),
    ("PUT", "accessPolicies/remove"),
    ("DELETE", "containerGroups/mycontainer-system"),
    ("DELETE", "containerGroups/mycontainer"),
    ("DELETE", "userAssignedIdentities/myACIId"),
)
"""The writes of each part of the story; a path is any part of one, the longer name first."""
READING = (
    ("GET", "containerGroups"),
    ("GET", "vaults"),
    ("GET", "userAssignedIdentities"),
    ("GET", "resourcegroups"),
    ("GET", "secrets"),
    ("POST", "oauth2/v2.0/token"),
)

Part = tuple[tuple[str, str], ...]
PARTS: tuple[Part, ...] = (MAKING, CHANGING, DELETING)


def square(row: int) -> list[list[tuple[str, Order]]]:
    """Put one fault on each write, another one in each row: all rows put each kind on each write.

    Gives, for each part of the story, the kind's name and what to order.
    """
    names = list(KINDS)
    place = 0
    parts: list[list[tuple[str, Order]]] = []
    for part in PARTS:
        parts.append([])
        for target in part:
            parts[-1].append(_order(names[(row + place) % len(names)], target))
            place += 1
    return parts


def sprinkled(seed: int) -> list[list[tuple[str, Order]]]:
    """Put one to six faults on calls of each part, reads and requests for tokens among them."""
    random = Random(seed)
    return [
        [
            _order(random.choice(list(KINDS)), random.choice((*part, *READING)))
            for _ in range(random.randint(1, 6))
        ]
        for part in PARTS
    ]


def _order(name: str, target: tuple[str, str]) -> tuple[str, Order]:
    method, path = target
    return name, {"method": method, "path": path, **KINDS[name]}
