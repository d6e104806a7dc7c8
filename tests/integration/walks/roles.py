"""What a RoleAssignment asks for, and which assignments in Azure are its own.

The roles' GUIDs are those of the emulator's table, which was written from Azure's lists and not
from the operator's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integration.walks.ledger import owner_of
from integration.walks.scene import Scene

Body = Mapping[str, Any]
Form = dict[str, Any]
REFERENCES = {
    "resourceGroupRef": "",
    "keyVaultRef": "Microsoft.KeyVault/vaults",
    "userAssignedIdentityRef": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "containerGroupRef": "Microsoft.ContainerInstance/containerGroups",
}


def compared(scene: Scene, token: str, spec: Body) -> tuple[Form, Form]:
    """Give what a spec asks for and what Azure has; what was left behind on purpose is left out."""
    one, found = wanted(scene, spec), owned(scene, token)
    kept = scene.retained.setdefault(token, [])
    if (spec.get("operator") or {}).get("deletionPolicy") == "Retain":
        kept += [each for each in found if each != one and each not in kept]
    return {"given": [one]}, {"given": [each for each in found if each == one or each not in kept]}


def wanted(scene: Scene, spec: Body) -> Form:
    """Give the one assignment that a spec asks for."""
    return {
        "scope": _scope(scene, spec["scope"]).lower(),
        "role": _role(scene, spec),
        "principal": scene.principal_of(spec["principal"]),
        "description": spec.get("description") or "",
        "condition": spec.get("condition") or "",
        "conditionVersion": spec.get("conditionVersion") or "",
    }


def owned(scene: Scene, token: str) -> list[Form]:
    """Give the assignments whose description names the object as their owner.

    A principal's type is left out: it counts when an assignment is made, and is its principal's.
    """
    held = scene.world.azure.state()["roleAssignments"]
    return [
        _form(id_, each["properties"])
        for id_, each in held.items()
        if owner_of(each["properties"]) == token
    ]


def _form(id_: str, properties: Body) -> Form:
    _, _, text = properties["description"].partition(": ")
    return {
        "scope": id_.lower().partition("/providers/microsoft.authorization/")[0],
        "role": properties["roleDefinitionId"].rpartition("/")[2].lower(),
        "principal": properties["principalId"],
        "description": text,
        "condition": properties.get("condition") or "",
        "conditionVersion": properties.get("conditionVersion") or "",
    }


def _scope(scene: Scene, scope: Body) -> str:
    if "id" in scope:
        return str(scope["id"]).rstrip("/")
    ((field, named),) = scope.items()
    if "id" in named:
        return str(named["id"])
    kind = REFERENCES[field]
    return (
        f"{scene.world.group_id}/providers/{kind}/{named['name']}" if kind else scene.world.group_id
    )


def _role(scene: Scene, spec: Body) -> str:
    if "roleDefinitionId" in spec:
        return str(spec["roleDefinitionId"]).rpartition("/")[2].lower()
    found = scene.world.azure.cloud.authorization.definitions.named(spec["roleName"])
    return found.name.lower() if found else f"no role {spec['roleName']}"
