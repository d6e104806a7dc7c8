"""What an end state is: what Azure holds and what the objects say, names in place of IDs."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from typing import Any

from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import Object
from aci_operator.kube import objects
from aci_operator.kube.client import Kube
from azure_emulator.calls import Call
from azure_emulator.containers import ContainerGroups
from integration.summaries import summary
from integration.world import World, condition_of, parts, shortened

Picture = dict[str, Any]
_OUR_KINDS = tuple(kind.kind for kind in KINDS.values() if kind.namespaced)


async def picture_of(world: World, kube: Kube) -> Picture:
    """Give the whole end state but for the writes that led to it."""
    return {**azure_of(world), "objects": await objects_of(world, kube)}


def azure_of(world: World) -> Picture:
    """Give what Azure holds."""
    state = world.azure.state()
    groups = world.azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    return {
        **{kind: _names(state[kind]) for kind in ("resourceGroups", "vaults")},
        "identities": _names(state["userAssignedIdentities"]),
        "secrets": _names(state["secrets"]),
        "deletedSecrets": _names(state["deletedSecrets"]),
        "policies": {
            _name(id_): {
                _principal(world, entry["objectId"]): entry["permissions"]["secrets"]
                for entry in body["properties"]["accessPolicies"]
            }
            for id_, body in state["vaults"].items()
        },
        "roles": roles_of(world),
        "containerGroups": {
            _name(id_): {
                "starts": groups.starts(id_),
                "edited": body.get("tags", {}).get("edited"),
                "image": body["properties"]["containers"][0]["properties"]["image"],
                "identity": _identity(body.get("identity", {})),
            }
            for id_, body in state["containerGroups"].items()
        },
    }


def roles_of(world: World) -> list[list[str]]:
    """Give the assignments that are an object's: principal, scope, and object with its words."""
    assigned = world.azure.state()["roleAssignments"]
    return sorted(
        [_principal(world, role["principalId"]), _name(id_.partition("/providers/")[0]), words]
        for id_, role in ((each, body["properties"]) for each, body in assigned.items())
        if (words := str(role.get("description") or "").rpartition("/")[2])
    )


async def objects_of(world: World, kube: Kube) -> Picture:
    """Give what each object says in short, and whether it says so of its last spec and request."""
    lists = await asyncio.gather(
        *(objects.list_all(kube, kind, world.namespace) for kind in _OUR_KINDS)
    )
    return {f"{found.key.kind}/{found.key.name}": _said(found) for each in lists for found in each}


def written_in(world: World) -> Counter[str]:
    """Count what the operator has written to Azure, by what and where.

    Grants on one vault that happen to come together go in one call: each of them counts.
    """
    principal = world.azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    calls = world.azure.calls.writes()
    mine = (call for call in calls if call.oid == principal.oid)
    return Counter(_told(call) for call in mine for _ in range(parts(call)))


def _told(call: Call) -> str:
    """An assignment's name is made from its principal, which is another one in each run."""
    return re.sub("(?<=roleAssignments/).+", "NAME", shortened(call))


def _said(found: Object) -> tuple[str, str, str, bool]:
    """Give Ready's status and reason, what stands beside it, and whether that is up to date."""
    status = dict(found.status)
    if not condition_of({"status": status}, "Ready"):
        return "", "", "", False
    current = status.get("observedGeneration") == found.generation
    wish = found.annotations.get("aci-operator.io/reconcile-requested-at")
    return (*summary({"status": status}), current and status.get("lastHandledReconcileAt") == wish)


def _identity(identity: dict[str, Any]) -> Picture:
    users = identity.get("userAssignedIdentities", {})
    return {"type": identity.get("type"), "users": _names(users)}


def _names(section: dict[str, Any]) -> list[str]:
    return sorted(_name(id_) for id_ in section)


def _name(id_: str) -> str:
    return id_.rstrip("/").rpartition("/")[2]


def _principal(world: World, oid: str) -> str:
    found = world.azure.cloud.directory.find(oid)
    return "nobody" if found is None else found.display_name
