"""What Azure itself does with a user-assigned identity waits for that identity's grant, if told to.

The waits of case 21 (a key of the customer's own) and case 36 (secrets by reference), and that of
an image which is pulled by identity.
"""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import a_vault, reads
from in_process.cluster import JsonObject
from in_process.scene import Scene, a_group, container, manifest, open_scene

VAULT = "https://vault-one.vault.azure.net"
PULL = {
    "name": "00000000-0000-0000-0000-000000000001",
    "roleName": "AcrPull",
    "permissions": [{"actions": ["Microsoft.ContainerRegistry/registries/pull/read"]}],
}
WAITING = ("False", "WaitingForAccess")


def waiting(kind: str, identity: str, **spec: Any) -> JsonObject:
    """Give a group of one user-assigned identity that waits for the grant `reads`."""
    users = {"type": "UserAssigned", "userAssigned": [{"id": identity}]}
    wait = {"start": "AfterAccess", "waitFor": [{"kind": kind, "name": "reads"}]}
    return a_group("it", **{"identity": users, "operator": wait, **spec})


def encrypted(scene: Scene, identity: str) -> tuple[JsonObject, JsonObject]:
    key = {"vaultBaseUrl": VAULT, "keyName": "key", "keyVersion": "1"}
    encryption = {**key, "identityRef": {"id": identity}}
    grant = reads(scene, userAssignedIdentityRef={"id": identity})
    grant["spec"]["permissions"] = {"keys": ["get", "wrapKey", "unwrapKey"]}
    return waiting("KeyVaultAccess", identity, encryptionProperties=encryption), grant


def referring(scene: Scene, identity: str) -> tuple[JsonObject, JsonObject]:
    uri = f"{VAULT}/secrets/env"
    entry = {"name": "env", "identityRef": {"id": identity}, "secretReferenceUri": uri}
    app = container(environmentVariables=[{"name": "TOKEN", "secureValueReference": "env"}])
    group = waiting("KeyVaultAccess", identity, containers=[app], secretReferences=[entry])
    return group, reads(scene, userAssignedIdentityRef={"id": identity})


def pulling(scene: Scene, identity: str) -> tuple[JsonObject, JsonObject]:
    registry = {"server": "mine.azurecr.io", "identityRef": {"id": identity}}
    app = container(image="mine.azurecr.io/app:1")
    group = waiting(
        "RoleAssignment", identity, containers=[app], imageRegistryCredentials=[registry]
    )
    role = manifest(
        "RoleAssignment",
        "reads",
        scope={"resourceGroupRef": {"id": scene.group_id()}},
        roleName="AcrPull",
        principal={"userAssignedIdentityRef": {"id": identity}},
    )
    return group, role


@pytest.mark.parametrize(("shape", "settle"), [(encrypted, 60), (referring, 60), (pulling, 600)])
async def test_the_group_is_put_once_when_its_grant_has_effect(shape: Any, settle: int) -> None:
    async with open_scene({"custom_roles": (PULL,)}) as scene:
        await a_vault(scene)
        group, grant = shape(scene, await scene.identity("id1"))
        scene.mark()
        scene.apply(group, grant)
        await scene.run_for(settle - 10)
        before = scene.conditions("ContainerGroup", "it")["Ready"]
        early = [call for call in scene.writes() if call == ("PUT", scene.path("it"))]
        await scene.run_for(30)
        puts = [call for call in scene.writes() if call == ("PUT", scene.path("it"))]
        assert (before, early, len(puts)) == (WAITING, [], 1)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
