"""What a vault gives to whom, but for the operator itself: entries of policies, and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integration.walks import forms
from integration.walks.scene import Scene

Form = dict[str, Any]
Permissions = Mapping[str, Sequence[str]]


def compared(
    scene: Scene, vault: str, asked: Mapping[str, Sequence[Permissions]]
) -> tuple[Form, Form]:
    """Give what a vault should give, by principal, and what it gives."""
    state = scene.world.azure.state()
    body = next(b for i, b in state["vaults"].items() if i.lower().endswith(f"/{vault}"))
    properties = body["properties"]
    operator = scene.world.azure.cloud.directory.find_application(scene.world.account.client_id)
    assert operator is not None
    policies = {
        each["objectId"]: _words([each["permissions"]])
        for each in properties.get("accessPolicies") or ()
        if each["objectId"] != operator.oid
    }
    given = _roles(state["roleAssignments"], vault, operator.oid)
    rbac = bool(properties.get("enableRbacAuthorization"))
    return _wanted(asked, rbac), {"policies": policies, "roles": given}


def _wanted(asked: Mapping[str, Sequence[Permissions]], rbac: bool) -> Form:
    if not rbac:
        return {"policies": {who: _words(many) for who, many in asked.items()}, "roles": {}}
    found = {
        who: sorted({guid for one in many for guid in forms.roles_for(one)})
        for who, many in asked.items()
    }
    return {"policies": {}, "roles": found}


def _words(many: Sequence[Permissions]) -> dict[str, list[str]]:
    """Put several permissions together, in lower case."""
    kinds = sorted({kind for one in many for kind in one})
    found = {k: sorted({w.lower() for one in many for w in one.get(k) or ()}) for k in kinds}
    return {kind: words for kind, words in found.items() if words}


def _roles(assignments: Mapping[str, Any], vault: str, operator: str) -> dict[str, list[str]]:
    """Give the roles on a vault by principal, but for the operator's own."""
    found: dict[str, list[str]] = {}
    for id_, each in assignments.items():
        given = each["properties"]
        if f"/{vault}/" in id_.lower() and given["principalId"] != operator:
            role = given["roleDefinitionId"].rpartition("/")[2]
            found[given["principalId"]] = sorted([*found.get(given["principalId"], []), role])
    return found
