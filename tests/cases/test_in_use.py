"""What holds the deletion of an identity or a vault, and what goes on without it (design 3.9).

A container group holds: without its identity it answers 500 for ever, and without its vault it
finds no key and no secrets at its next start. Grants and what lies in a vault do not hold: they
follow, as they do when somebody deletes the identity or the vault in Azure.
"""

from __future__ import annotations

from typing import Any

import pytest

from cases.grants import IDENTITIES, VAULTS, policies, roles
from in_process.manifests import a_group, manifest, source
from in_process.scene import Scene, open_scene
from unit.crds import schemas

ID, VAULT = "UserAssignedIdentity", "KeyVault"
BY_NAME = {"name": "target"}
GOES = {"operator": {"deletionPolicy": "Delete"}}
User = dict[str, Any]


def arm_id(scene: Scene, kind: str) -> str:
    return scene.arm_id("target", IDENTITIES if kind == ID else VAULTS)


def group(assigned: Any = BY_NAME, **spec: Any) -> User:
    """Give a group with one user-assigned identity."""
    return a_group("user", identity={"type": "UserAssigned", "userAssigned": [assigned]}, **spec)


def pulling() -> User:
    return group(imageRegistryCredentials=[{"server": "x.azurecr.io", "identityRef": BY_NAME}])


def encrypted(identity: Any, **vault: Any) -> User:
    key = {"keyName": "k", "keyVersion": "1", "identityRef": identity, **vault}
    return group(identity, encryptionProperties=key)


def with_secrets(identity: Any, **secret: Any) -> User:
    return group(identity, secretReferences=[{"name": "s", "identityRef": identity, **secret}])


def grant(**spec: Any) -> User:
    whole = {"keyVaultRef": BY_NAME, "permissions": {"secrets": ["get"]}, **spec}
    return manifest("KeyVaultAccess", "user", **whole)


def role(**spec: Any) -> User:
    return manifest("RoleAssignment", "user", **{"roleName": "Reader", **spec})


def held_identities(scene: Scene) -> dict[str, User]:
    """Give each way in which a group can have an identity: the field and the group."""
    id_ = {"id": arm_id(scene, ID)}
    vault = {"vaultBaseUrl": "https://other.vault.azure.net"}
    acls = {"acls": [{"identityRef": BY_NAME, "access": "System"}]}
    uri = {"secretReferenceUri": "https://other.vault.azure.net/secrets/s"}
    return {
        "identity.userAssigned by name": group(),
        "identity.userAssigned by ID": group(id_),
        "imageRegistryCredentials[].identityRef": pulling(),
        "encryptionProperties.identityRef": encrypted(BY_NAME, **vault),
        "secretReferences[].identityRef": with_secrets(BY_NAME, **uri),
        "identityAcls.acls[].identityRef": group(identityAcls=acls),
        "operator.injectIdentityRef": group(
            operator={"injectIdentity": True, "injectIdentityRef": BY_NAME}
        ),
    }


def held_vaults(scene: Scene) -> dict[str, User]:
    """Give each way in which a group can need a vault."""
    who, id_ = {"id": scene.arm_id("other", IDENTITIES)}, {"id": arm_id(scene, VAULT)}
    uri = str(scene.status(VAULT, "target")["vaultUri"])
    named = {"secretName": "s"}
    return {
        "encryptionProperties.vaultBaseUrl": encrypted(who, vaultBaseUrl=f"{uri}/"),
        "encryptionProperties.keyVaultRef by name": encrypted(who, keyVaultRef=BY_NAME),
        "encryptionProperties.keyVaultRef by ID": encrypted(who, keyVaultRef=id_),
        "secretReferences[].secretReferenceUri": with_secrets(
            who, secretReferenceUri=f"{uri}/secrets/s"
        ),
        "secretReferences[].keyVaultRef by name": with_secrets(who, keyVaultRef=BY_NAME, **named),
        "secretReferences[].keyVaultRef by ID": with_secrets(who, keyVaultRef=id_, **named),
    }


HOLDING = [
    (ID, way)
    for way in (
        "identity.userAssigned by name",
        "identity.userAssigned by ID",
        "imageRegistryCredentials[].identityRef",
        "encryptionProperties.identityRef",
        "secretReferences[].identityRef",
        "identityAcls.acls[].identityRef",
        "operator.injectIdentityRef",
    )
] + [
    (VAULT, way)
    for way in (
        "encryptionProperties.vaultBaseUrl",
        "encryptionProperties.keyVaultRef by name",
        "encryptionProperties.keyVaultRef by ID",
        "secretReferences[].secretReferenceUri",
        "secretReferences[].keyVaultRef by name",
        "secretReferences[].keyVaultRef by ID",
    )
]
OTHER = {"userAssignedIdentityRef": {"name": "other"}}
TARGET = {"userAssignedIdentityRef": BY_NAME}
FOLLOWING: list[tuple[str, str, User]] = [
    (
        ID,
        "KeyVaultAccess principal.userAssignedIdentityRef",
        grant(principal=TARGET, keyVaultRef={"name": "vault"}),
    ),
    (
        ID,
        "RoleAssignment principal.userAssignedIdentityRef",
        role(principal=TARGET, scope={"keyVaultRef": {"name": "vault"}}),
    ),
    (ID, "RoleAssignment scope.userAssignedIdentityRef", role(principal=OTHER, scope=TARGET)),
    (
        VAULT,
        "KeyVaultSecret keyVaultRef",
        manifest("KeyVaultSecret", "user", keyVaultRef=BY_NAME, valueFrom=source("s")),
    ),
    (VAULT, "KeyVaultAccess keyVaultRef", grant(principal=OTHER)),
    (
        VAULT,
        "RoleAssignment scope.keyVaultRef",
        role(principal=OTHER, scope={"keyVaultRef": BY_NAME}),
    ),
    (
        VAULT,
        "operator.keyVaultAccess[].keyVaultRef",
        group(
            {"name": "other"},
            operator={
                "keyVaultAccess": [{"keyVaultRef": BY_NAME, "permissions": {"secrets": ["get"]}}]
            },
        ),
    ),
]


def test_every_field_that_names_an_identity_or_a_vault_is_in_the_tables() -> None:
    names = (
        "identityRef",
        "userAssigned",
        "userAssignedIdentityRef",
        "injectIdentityRef",
        "keyVaultRef",
        "vaultBaseUrl",
        "secretReferenceUri",
    )
    found = {
        path.lstrip(".") if kind == "ContainerGroup" else f"{kind} {path.lstrip('.')}"
        for kind in schemas.AZURE_KINDS
        for path, _ in schemas.walk(schemas.spec(kind))
        if path.rpartition(".")[2] in names
    }
    told = {way.split(" by ")[0] for _, way in HOLDING} | {way for _, way, _ in FOLLOWING}
    assert told == found


async def a_stage(scene: Scene, kind: str) -> None:
    """Have the identity or vault `target` of ours, and an identity and a vault beside it."""
    where = {"resourceGroupRef": {"id": scene.group_id()}}
    scene.secret("s", value="hello")
    vault = {"permissionModel": "AccessPolicy", **where}
    scene.apply(
        manifest(ID, "other", **where),
        manifest(VAULT, "vault", azureName="the-vault", **vault),
        manifest(ID, "target", **where)
        if kind == ID
        else manifest(VAULT, "target", azureName="target", **vault, **GOES),
    )
    await scene.run_for(60)
    assert scene.unready() == {}


@pytest.mark.parametrize(("kind", "way"), HOLDING)
async def test_a_group_holds_what_it_needs_until_it_goes(kind: str, way: str) -> None:
    async with open_scene() as scene:
        await a_stage(scene, kind)
        users = held_identities(scene) if kind == ID else held_vaults(scene)
        scene.apply(users[way])
        await scene.run_for(60)
        scene.mark()
        scene.delete(kind, "target")
        await scene.run_for(30)
        early = scene.conditions(kind, "target")["Ready"]
        await scene.run_for(700)
        late = scene.conditions(kind, "target")["Stalled"]
        assert (early, late, scene.writes()) == (("False", "InUse"), ("True", "InUse"), [])
        assert "ContainerGroup here/user" in scene.message(kind, "target")
        scene.delete("ContainerGroup", "user")
        await scene.run_for(700)
        assert scene.object(kind, "target") is None


@pytest.mark.parametrize(("kind", "way", "user"), FOLLOWING, ids=lambda it: str(it)[:60])
async def test_grants_and_contents_hold_nothing_and_follow(kind: str, way: str, user: User) -> None:
    async with open_scene() as scene:
        await a_stage(scene, kind)
        scene.apply(user)
        await scene.run_for(120)
        assert scene.unready() == {}
        scene.delete(kind, "target")
        await scene.run_for(1300)
        assert scene.object(kind, "target") is None
        scene.delete(user["kind"], "user")
        await scene.run_for(700)
        assert scene.object(user["kind"], "user") is None
        operator = scene.status("AzureAccount", "account")["principalId"]
        assert (list(policies(scene, "the-vault")), roles(scene, "the-vault")) == ([operator], [])


async def test_a_group_of_others_holds_an_identity_too() -> None:
    async with open_scene() as scene:
        await a_stage(scene, ID)
        identities: dict[str, Any] = {arm_id(scene, ID): {}}
        requests = {"requests": {"cpu": 1, "memoryInGB": 1}}
        one = {"name": "c", "properties": {"image": "alpine", "resources": requests}}
        body = {
            "location": "eastus",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": identities},
            "properties": {"osType": "Linux", "containers": [one]},
        }
        await scene.stranger.container_groups.put(scene.arm_id("theirs"), body)
        scene.delete(ID, "target")
        await scene.run_for(700)
        assert scene.conditions(ID, "target")["Stalled"] == ("True", "InUse")
        assert scene.arm_id("theirs") in scene.message(ID, "target")
