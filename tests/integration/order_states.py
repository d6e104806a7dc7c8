"""What the orders have to leave in Azure, and what they do leave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from azure_emulator.containers import ContainerGroups
from integration.order_places import Place
from integration.world import World, shortened

OWN = ["set", "list", "delete", "recover"]
State = Mapping[str, Mapping[str, Any]]


def in_azure(world: World, state: State, place: Place) -> dict[str, Any]:
    """What Azure holds for a namespace, principals by name, and how often its group was started."""
    groups = world.azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    inside = f"/resourcegroups/{place.namespace}"
    found = {
        kind: [id_ for id_ in state[kind] if f"{inside}/" in f"{id_.lower()}/"]
        for kind in ("resourceGroups", "containerGroups", "vaults", "userAssignedIdentities")
    }
    vaults = [state["vaults"][id_] for id_ in found["vaults"]]
    return {
        **{kind: [id_.rpartition("/")[2] for id_ in ids] for kind, ids in found.items()},
        "policies": {
            _principal(world, entry["objectId"]): entry["permissions"]["secrets"]
            for vault in vaults
            for entry in vault["properties"]["accessPolicies"]
        },
        "roles": sorted(
            _principal(world, body["properties"]["principalId"])
            for id_, body in state["roleAssignments"].items()
            if f"{inside}/" in id_.lower()
        ),
        "starts": [groups.starts(id_) for id_ in found["containerGroups"]],
    }


def made(place: Place) -> dict[str, Any]:
    """What has to be in Azure when all is Ready."""
    return {
        "resourceGroups": [place.namespace],
        "containerGroups": ["my-group"],
        "vaults": [f"{place.namespace}-v"],
        "userAssignedIdentities": ["my-id"],
        **_granted(place, {"aci-operator": OWN, "my-group": ["get"], "my-id": ["get"]}),
        "starts": [1],
    }


def left(place: Place) -> dict[str, Any]:
    """What has to be left when all objects are gone."""
    return {
        "resourceGroups": [place.namespace] if place.kept else [],
        "containerGroups": [],
        "vaults": [f"{place.namespace}-v"] if place.kept else [],
        "userAssignedIdentities": [],
        **_granted(place, {"aci-operator": OWN} if place.kept else {}),
        "starts": [],
    }


def _granted(place: Place, grants: dict[str, list[str]]) -> dict[str, Any]:
    if place.model == "RBAC":
        return {"policies": {}, "roles": sorted(grants)}
    return {"policies": grants, "roles": []}


def written(world: World, place: Place) -> Counter[str]:
    """Count what was written to Azure for a namespace; role assignments without their names."""
    inside = re.compile(f"/{place.namespace}[/?]")
    calls = [call for call in world.azure.calls.writes() if inside.search(call.path)]
    return Counter(
        re.sub("/providers/Microsoft.Authorization/roleAssignments/.*", " role", shortened(call))
        for call in calls
    )


def makings(place: Place) -> Counter[str]:
    """What has to be written until all is Ready."""
    vault = f"PUT vaults/{place.namespace}-v"
    roles, policies = [f"{vault} role"] * 3, [f"{vault}/accessPolicies/add"] * 2
    return Counter(
        [
            f"PUT resourcegroups/{place.namespace}",
            vault,
            "PUT userAssignedIdentities/my-id",
            "PUT containerGroups/my-group",
            *(roles if place.model == "RBAC" else policies),
        ]
    )


def _principal(world: World, oid: str) -> str:
    found = world.azure.cloud.directory.find(oid)
    assert found is not None
    return found.display_name
