"""Case 12, two user identities and the wrong ID: a client ID is no principal."""

from __future__ import annotations

import pytest

from cases.grants import ACCESS, an_access, principal_of
from in_process.manifests import manifest
from in_process.scene import Scene, open_scene


def the_client_id(scene: Scene) -> str:
    return str(scene.status("UserAssignedIdentity", "who")["clientId"])


@pytest.mark.parametrize("kind", [ACCESS, "RoleAssignment"])
async def test_case_12_a_client_id_as_principal_is_refused_with_the_right_value(kind: str) -> None:
    async with open_scene() as scene:
        group = {"resourceGroupRef": {"id": scene.group_id()}}
        scene.apply(manifest("UserAssignedIdentity", "who", **group))
        await scene.settle()
        scene.mark()
        raw = {"principalId": the_client_id(scene), "principalType": "ServicePrincipal"}
        role = {"scope": {"id": scene.group_id()}, "roleName": "Contributor", "principal": raw}
        access = an_access(scene, principal=raw)
        scene.apply(access if kind == ACCESS else manifest(kind, "it", **role))
        await scene.settle()
        assert scene.conditions(kind, "it")["Stalled"] == ("True", "ClientIdUsedAsPrincipal")
        assert principal_of(scene) in scene.message(kind, "it")
        assert scene.writes() == []
